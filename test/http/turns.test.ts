import { describe, expect, it } from 'vitest';
import { takingTurns } from '../../src/http/temporal/turns.js';

/** Work that ends when it is told to, and a list of what has begun. */
function desk() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  const end = async (name: string) => {
    await everythingDone();
    ends.get(name)!();
    await everythingDone();
  };
  return { begun, work, end };
}

/** Everything has happened that waits for nothing outside. */
const everythingDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const long = 60_000;

describe('turns', () => {
  it('let only so many work at once, and the others in the order in which they came', async () => {
    const { begun, work, end } = desk();
    const takeTurn = takingTurns(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => takeTurn('shop', long, work(name)));
    await everythingDone();
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    await end('c');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    await end('d');
    await expect(Promise.all(all)).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('of one line keep nobody in another one waiting', async () => {
    const { begun, work, end } = desk();
    const takeTurn = takingTurns(1);
    const both = [takeTurn('shop', long, work('a')), takeTurn('web', long, work('b'))];
    await everythingDone();
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    await end('b');
    await Promise.all(both);
  });

  it('go on after work that failed', async () => {
    const takeTurn = takingTurns(1);
    await expect(takeTurn('shop', long, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(takeTurn('shop', long, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('that do not come in time are given up before anything has begun, and those behind move up', async () => {
    const { begun, work, end } = desk();
    const takeTurn = takingTurns(1);
    const first = takeTurn('shop', long, work('a'));
    const late = takeTurn('shop', 1, work('late'));
    const next = takeTurn('shop', long, work('b'));
    await expect(late).rejects.toMatchObject({ reason: 'Overloaded', message: expect.stringContaining('not begun') as string });
    await end('a');
    await end('b');
    await expect(Promise.all([first, next])).resolves.toEqual(['a', 'b']);
    expect(begun).toEqual(['a', 'b']);
  });
});
