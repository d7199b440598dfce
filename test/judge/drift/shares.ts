import type { Belief } from '../../../src/judge/drift/belief.js';

/** What a belief holds, read from what it saves. */
export function sharesOf(belief: Belief): number[] {
  const [, begin, text] = belief.save();
  const bytes = Buffer.from(text, 'base64');
  return [...Array.from({ length: begin }, () => 0), ...Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index))];
}

export const sum = (values: Iterable<number>): number => [...values].reduce((total, each) => total + each, 0);
