import { describe, expect, it } from 'vitest';
import { isBeyond, limitFor } from '../../../src/judge/evidence/limits.js';

describe('a hard limit', () => {
  it('is broken beyond it, not at it', () => {
    expect([isBeyond({ max: 1 }, 1), isBeyond({ max: 1 }, 1.01), isBeyond({ min: 1 }, 1), isBeyond({ min: 1 }, 0.99), isBeyond({}, 1e9)]).toEqual([false, true, false, true, false]);
  });

  it('is the one that the value breaks, else the upper one', () => {
    const both = { min: 1, max: 9 };
    expect([limitFor(both, 5), limitFor(both, 0.5), limitFor(both, 10), limitFor(both, null)]).toEqual([9, 1, 9, 9]);
    expect([limitFor({ min: 1 }, 5), limitFor({ max: 9 }, 5), limitFor({}, 5)]).toEqual([1, 9, null]);
  });

  it('of zero is one', () => {
    expect([limitFor({ max: 0 }, 5), limitFor({ min: 0 }, 5), isBeyond({ max: 0 }, 1), isBeyond({ min: 0 }, -1)]).toEqual([0, 0, true, true]);
  });
});
