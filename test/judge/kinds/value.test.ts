import { describe, expect, it } from 'vitest';
import { valueAt, widthOf, type Grid } from '../../../src/judge/drift/grid.js';
import { readValue } from '../../../src/judge/kinds/value-reading.js';
import { stepFor, valueKind } from '../../../src/judge/kinds/value.js';
import type { Noise } from '../../../src/judge/noise/noise.js';
import { empty, value } from '../looks.js';

const grid: Grid = { step: 0.02, points: 41, first: -0.4, below: 10, above: 10 };
const noise: Noise = { reference: 'controls', isLearned: true, past: 14_400, mean: 0, sigma: 0.05, startSd: 0.05, spread: 0.04 ** 2, offsets: {} };

describe('the likelihood of a look at a value', () => {
  it('is that of Student\'s t with five degrees of freedom, whose variance is that of one look', () => {
    const { likelihood } = valueKind.compare({ region: value(2), controls: { rome: value(1.6), oslo: value(2.5) } }, noise, grid, [])!;
    const log = Math.log(2) - (Math.log(1.6) + Math.log(2.5)) / 2;
    const scale = 0.04 * Math.sqrt(3 / 5);
    const density = (level: number): number => (1 + ((log - level) / scale) ** 2 / 5) ** -3;
    for (let index = 0; index < widthOf(grid); index++) {
      expect(likelihood[index]! / likelihood[20]!).toBeCloseTo(density(valueAt(grid, index)) / density(valueAt(grid, 20)), 9);
    }
  });

  it('is nothing for what has no logarithm', () => {
    const compare = (region: number, control: number) => valueKind.compare({ region: value(region), controls: { rome: value(control) } }, noise, grid, []);
    expect([compare(0, 1), compare(-1, 1), compare(1, 0), compare(1, -5)]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('stays above zero for the wildest spike', () => {
    const { likelihood } = valueKind.compare({ region: value(Number.MAX_VALUE), controls: { rome: value(Number.MIN_VALUE) } }, noise, grid, [])!;
    expect(Math.min(...likelihood)).toBeGreaterThan(0);
  });

  it('is told apart on points of which the margin is a whole number', () => {
    for (const sigma of [0.001, 0.01, 0.03, 0.05, 0.1, 1]) {
      const points = Math.log(1.1) / stepFor(sigma);
      expect(points).toBeCloseTo(Math.round(points), 9);
      expect(points).toBeGreaterThan(0.5);
    }
  });
});

describe('what is read of a look at a value', () => {
  const offsets = { rome: 0.3, oslo: -0.3 };

  it('is not moved by a control that is missing', () => {
    const level = (names: string[]): number => readValue(
      { region: value(5), controls: { rome: names.includes('rome') ? value(Math.exp(1.3)) : empty, oslo: names.includes('oslo') ? value(Math.exp(0.7)) : empty } }, 'controls', { offsets },
    )!.log;
    expect(level(['rome'])).toBeCloseTo(level(['rome', 'oslo']), 12);
    expect(level(['oslo'])).toBeCloseTo(level(['rome', 'oslo']), 12);
  });

  it('is the value itself where the own past is the reference', () => {
    expect(readValue({ region: value(5), controls: {} }, 'past', { offsets: {} })).toEqual({ log: Math.log(5), controls: [] });
  });

  it('leaves out controls that are sick, and names the others', () => {
    const look = { region: value(5), controls: { rome: value(5), oslo: value(50) } };
    expect(readValue(look, 'controls', { offsets: {} }, ['oslo'])).toEqual({ log: 0, controls: ['rome'] });
    expect(readValue(look, 'controls', { offsets: {} }, ['oslo', 'rome'])).toBeUndefined();
  });
});
