/** How soon after a Ctrl-C another one is taken for the same: npm hands on the signal that the terminal has given us already. */
const sameKeyMs = 1_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  /** Aborted at the first Ctrl-C, or when somebody else asks the process to end. */
  signal: AbortSignal;
  /** Gives the signals back to Node, for which each of them ends the process. */
  stopListening: () => void;
}

/** The first Ctrl-C asks for an orderly end; the second one is for whoever does not want to wait for that. */
export function listenForInterrupt(onFirst: () => void, onSecond: () => void): Interrupt {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const listener = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      onFirst();
      controller.abort();
    } else if (performance.now() - firstAt > sameKeyMs) {
      onSecond();
    }
  };
  signals.forEach((name) => process.on(name, listener));
  return { signal: controller.signal, stopListening: () => signals.forEach((name) => process.off(name, listener)) };
}
