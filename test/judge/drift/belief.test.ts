import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Belief, type BeliefState } from '../../../src/judge/drift/belief.js';
import { kernelOf } from '../../../src/judge/drift/kernel.js';
import { sharesOf, sum } from './shares.js';

const points = 41;
const grid = { step: 0.05, points, first: -1, below: 10, above: 10 };
const kernel = kernelOf(grid, { mean: 0, sigma: 0.2, share: 1 / 60, known: 1 });
const bell = (mean: number, sd: number): Belief => Belief.bell(points, grid, { mean, sd });

const likelihoods = fc.array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 61, maxLength: 61 }).map((each) => Float64Array.from(each)), { minLength: 1, maxLength: 6 });
const bells = fc.record({ mean: fc.double({ min: -0.8, max: 0.8, noNaN: true }), sd: fc.double({ min: 0.05, max: 0.5, noNaN: true }), shift: fc.integer({ min: -10, max: 10 }), logWeight: fc.double({ min: -20, max: 20, noNaN: true }).map((weight) => weight + 0) });
const made = ({ mean, sd, shift, logWeight }: { mean: number; sd: number; shift: number; logWeight: number }): Belief => bell(mean, sd).with(shift, logWeight);

/** Drifts and weighs; gives back the logarithm of what all the looks were worth. */
function through(belief: Belief, looks: Float64Array[]): number {
  const scratch = new Float64Array(points);
  return looks.reduce((worth, look) => {
    belief.drift(kernel, scratch);
    return worth + belief.weigh(look, grid.below);
  }, 0);
}

const kept = (belief: Belief): BeliefState => JSON.parse(JSON.stringify(belief.save())) as BeliefState;

describe('a belief', () => {
  it('is the same after it was written down as JSON, to the last bit, and goes on the same', () => {
    fc.assert(fc.property(bells, likelihoods, likelihoods, (start, before, after) => {
      const belief = made(start);
      through(belief, before);
      const restored = Belief.restore(kept(belief), points, start.shift);
      expect(restored.save()).toEqual(belief.save());
      expect(through(restored, after)).toBe(through(belief, after));
      expect(restored.save()).toEqual(belief.save());
    }), { numRuns: 40 });
  });

  it('keeps a weight of nothing at all', () => {
    const belief = bell(0, 0.2).with(0, -Infinity);
    expect(Belief.restore(kept(belief), points, 0).logWeight).toBe(-Infinity);
  });

  it('holds shares of one after every look', () => {
    fc.assert(fc.property(bells, likelihoods, (start, looks) => {
      const belief = made(start);
      through(belief, looks);
      expect(sum(sharesOf(belief))).toBeCloseTo(1, 4);
    }), { numRuns: 40 });
  });

  it('is worth the sum of two once the second has joined it, whatever is seen then', () => {
    fc.assert(fc.property(bells, bells, likelihoods, (left, right, looks) => {
      const joined = made(left);
      const second = made({ ...right, shift: left.shift });
      joined.join(second, right.logWeight);
      const first = made(left);
      const wanted = Math.log(Math.exp(left.logWeight + through(first, looks)) + Math.exp(right.logWeight + through(second, looks)));
      expect(joined.logWeight + through(joined, looks)).toBeCloseTo(wanted, 4);
    }), { numRuns: 40 });
  });

  it('does not change with a belief that it gave rise to', () => {
    const belief = bell(0, 0.2);
    const before = belief.save();
    through(belief.with(5, 0), [new Float64Array(61).fill(0.5)]);
    expect(belief.save()).toEqual(before);
  });

  it('says how likely a look was: the mean of its likelihood', () => {
    const flat = bell(0, 0.2).weigh(new Float64Array(61).fill(0.25), 10);
    expect(flat).toBeCloseTo(Math.log(0.25), 6);
    const shifted = bell(0, 0.05).with(4, 0);
    const peak = Float64Array.from({ length: 61 }, (_, index) => (index === 10 + 20 + 4 ? 1 : 0));
    const centre = sharesOf(bell(0, 0.05))[20]!;
    expect(shifted.weigh(peak, 10)).toBeCloseTo(Math.log(centre), 5);
  });
});
