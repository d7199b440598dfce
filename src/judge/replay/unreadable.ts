/** What a line of samples says makes no sense; the reader adds which line it is. */
export class Misfit extends Error {}

/** A soak that cannot be read, and the line (counted from 1) that is to blame. */
export class UnreadableSoak extends Error {
  constructor(readonly line: number, readonly reason: string) {
    super(`line ${line}: ${reason}`);
    this.name = 'UnreadableSoak';
  }
}

const longestQuote = 60;

/** What was found, short enough for a message. */
export function quoted(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}

/** What `read` makes of a part of a line; what does not fit says which part it was. */
export function within<Value>(part: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof Misfit ? new Misfit(`${part}: ${error.message}`) : error;
  }
}
