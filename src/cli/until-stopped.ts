/** A service of this process: a worker, or the API. */
export interface Service {
  /** Finishes what is in hand, and ends. */
  stop: () => Promise<void>;
  /** Settles when it has ended by itself, with the error that ended it. Absent where that cannot happen. */
  closed?: Promise<void>;
}

const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Holds a service until somebody asks the process to end, and ends it in order; a second signal ends the process at once. Throws
 * what ended the service, when nobody had asked it to end.
 */
export async function untilStopped({ stop, closed }: Service, say: (text: string) => void): Promise<void> {
  const asked = nextSignal();
  try {
    const name = await Promise.race([asked.signal, ...(closed ? [closed] : [])]);
    if (name === undefined) throw new Error('The service has ended by itself, though nobody asked it to.');
    say(`${name}: finishing what is in hand`);
  } finally {
    asked.forget();
  }
  await stop();
}

/** Takes the first signal; once forgotten, signals do again what they do in every Node process: end it. */
function nextSignal(): { signal: Promise<NodeJS.Signals>; forget: () => void } {
  let listener: (name: NodeJS.Signals) => void;
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    listener = resolve;
    signals.forEach((name) => process.on(name, listener));
  });
  return { signal, forget: () => signals.forEach((name) => process.off(name, listener)) };
}
