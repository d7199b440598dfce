import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../bench/judge/simulator/random.js';
import { gridAround, overGrid } from '../../../src/judge/drift/grid.js';
import { quantile, replays, type PastLook, type Replaying } from '../../../src/judge/evidence/replays.js';

const effects = { looked: [0.4, 1.1], rare: 0, measured: [] };
const grid = gridAround(0, 0.6, 0.1, { smallest: 0, largest: 1.1 });
const replaying: Replaying = { grid, effects, noise: { mean: 0, sigma: 0.1, startSd: 0.2, share: 1 / 60, known: 1 }, onsets: 3, onsetLooks: 10, soakLooks: 40 };
const bell = (seen: number): PastLook => overGrid(grid, (level) => Math.exp(-0.5 * ((seen - level) / 0.3) ** 2));

function pastOf(looks: number, bumps: readonly number[] = []): PastLook[] {
  const random = randomOf('past');
  return Array.from({ length: looks }, (_, index) => bell(0.3 * random.normal() + (bumps.some((bump) => index >= bump && index < bump + 25) ? 1 : 0)));
}

describe('soaks of the past, replayed', () => {
  it('are spread over all of it, and not more than 96', () => {
    const found = replays(pastOf(480), replaying);
    expect(found.length).toBeGreaterThan(20);
    expect(found.length).toBeLessThanOrEqual(96);
    expect(replays(pastOf(1_500), { ...replaying, soakLooks: 10 }).length).toBeLessThanOrEqual(96);
  });

  it('bring evidence in order, and never less than none', () => {
    const found = replays(pastOf(300), replaying);
    expect(found).toEqual(found.toSorted((left, right) => left - right));
    expect(found[0]).toBeGreaterThanOrEqual(0);
  });

  it('bring much where the past held what looks like a regression, and little where it held none', () => {
    expect(replays(pastOf(300), replaying).at(-1)).toBeLessThan(Math.log(20));
    expect(replays(pastOf(300, [100, 200]), replaying).at(-1)).toBeGreaterThan(Math.log(200));
  });

  it('are none where the past is too short for a soak', () => {
    expect([replays([], replaying), replays(pastOf(5), replaying), replays(pastOf(19), replaying)]).toEqual([[], [], []]);
    expect(replays([null, null], replaying)).toEqual([]);
  });

  it('are the same each time', () => {
    expect(replays(pastOf(200), replaying)).toEqual(replays(pastOf(200), replaying));
  });

  it('pass by looks that brought nothing', () => {
    const holed = pastOf(200).map((look, index) => (index % 3 === 0 ? null : look));
    expect(replays(holed, replaying).every(Number.isFinite)).toBe(true);
    expect(replays(Array.from({ length: 200 }, () => null), replaying).every((each) => Math.abs(each) < 1e-6)).toBe(true);
  });
});

describe('a quantile', () => {
  it('is the value below which that part of the values lies', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.995), quantile(hundred, 0.01), quantile([7], 0.995), quantile([], 0.995)]).toEqual([50, 100, 1, 7, 0]);
  });
});
