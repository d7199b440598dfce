import { closest, distance } from 'fastest-levenshtein';

/** The name that was probably meant: its beginning was sent, or at most a third of its letters are wrong. `undefined` when none is near. */
export function nearestName(sent: string, names: readonly string[]): string | undefined {
  // A long text is no typo, and comparing it would cost time that its sender chooses.
  if (names.length === 0 || sent.length > 100) return undefined;
  const typed = sent.toLowerCase();
  const lower = names.map((name) => name.toLowerCase());
  const longer = lower.findIndex((name) => typed.length > 2 && name.startsWith(typed));
  if (longer !== -1) return names[longer];
  const candidate = closest(typed, lower);
  const allowance = Math.max(1, Math.floor(candidate.length / 3));
  return distance(typed, candidate) <= allowance ? names[lower.indexOf(candidate)] : undefined;
}

/** ` Did you mean frankfurt?`, or nothing when no name comes near. */
export function didYouMean(sent: string, names: readonly string[]): string {
  const name = nearestName(sent, names);
  return name === undefined || name === sent ? '' : ` Did you mean ${name}?`;
}
