/** `Edsger van Dijk` → ['Edsger', 'van Dijk']: what stands before the first space, and the rest, which may be empty. As migrations/ does it. */
export function splitName(name) {
  const [given, ...rest] = name.split(' ');
  return [given, rest.join(' ')];
}

export const joinName = (given, family) => (family === '' ? given : `${given} ${family}`);
