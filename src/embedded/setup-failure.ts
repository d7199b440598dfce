/** The stack cannot start, or cannot go on. The message is for the person at the terminal: what, why, and what to do. */
export class SetupFailure extends Error {
  override readonly name = 'SetupFailure';
}
