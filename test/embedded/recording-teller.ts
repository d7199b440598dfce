import type { Teller } from '../../src/embedded/teller.js';

/** A teller that remembers what it was told. */
export function recordingTeller(): Teller & { said: string[]; progressed: string[] } {
  const said: string[] = [];
  const progressed: string[] = [];
  return { said, progressed, say: (text) => void said.push(text), progress: (text) => void progressed.push(text) };
}
