import { describe, expect, it } from 'vitest';
import { asCompared, usable } from '../../src/judge/samples.js';
import type { Sample } from '../../src/judge/sample.js';
import type { JudgedCheck } from '../../src/judge/soak.js';
import { timesOf } from '../../src/judge/times.js';
import { empty, histogram, ratio, refused, value } from './looks.js';

const only = (sample: Sample, kind: JudgedCheck['kind']): Sample => usable({ region: sample, controls: {} }, kind).region;

describe('a sample', () => {
  it('of the kind that was asked for is taken as it is', () => {
    for (const [sample, kind] of [[ratio(1, 10), 'ratio'], [ratio(0, 0), 'ratio'], [value(-3), 'value'], [histogram({ '1': 3, '+Inf': 4 }), 'histogram']] as const) expect(only(sample, kind)).toBe(sample);
    for (const sample of [empty, refused]) expect(only(sample, 'ratio')).toBe(sample);
  });

  it('of another kind is an error that says so', () => {
    expect(only(value(3), 'ratio')).toEqual({ kind: 'error', reason: 'a ratio was asked for and the source answered with a value' });
  });

  it('that is no number is no data', () => {
    for (const strange of [Number.NaN, Infinity, -Infinity]) {
      expect(only(ratio(strange, 10), 'ratio')).toEqual({ kind: 'no-data', reason: `the source answered ${strange}` });
      expect(only(ratio(1, strange), 'ratio').kind).toBe('no-data');
      expect(only(value(strange), 'value').kind).toBe('no-data');
      expect(only(histogram({ '1': 3, '+Inf': strange }), 'histogram').kind).toBe('no-data');
    }
  });

  it('that no counter can show is an error', () => {
    expect(only(ratio(-1, 10), 'ratio')).toEqual({ kind: 'error', reason: 'the source answered with a negative increment (-1)' });
    expect(only(ratio(1, 1e18), 'ratio')).toEqual({ kind: 'error', reason: 'the source answered with more requests than there can be (1000000000000000000)' });
    expect(only(histogram({ '1': -3 }), 'histogram').kind).toBe('error');
  });

  it('of a control is held to the same', () => {
    expect(usable({ region: ratio(1, 10), controls: { rome: ratio(Number.NaN, 1), oslo: ratio(1, 10) } }, 'ratio').controls).toMatchObject({ rome: { kind: 'no-data' }, oslo: { kind: 'ratio' } });
  });

  it('of which less is worse is turned round, in the region and in the controls', () => {
    const look = { region: value(4), controls: { rome: value(2), oslo: value(0), lima: empty } };
    expect(asCompared(look, { name: 'free', kind: 'value', min: 1 })).toEqual({ region: value(0.25), controls: { rome: value(0.5), oslo: value(Infinity), lima: empty } });
    expect(asCompared(look, { name: 'free', kind: 'value', min: 1, max: 9 })).toEqual(look);
    expect(asCompared(look, { name: 'free', kind: 'value', min: 1, worse: 'higher' })).toEqual(look);
  });
});

describe('the times of the judge', () => {
  it('scale with the interval up to thirty seconds, and no farther', () => {
    const [second, half, minute] = [timesOf(1), timesOf(30), timesOf(60)];
    for (const [name, seconds] of Object.entries(half)) expect(second[name as keyof typeof second]).toBeCloseTo(seconds / 30, 9);
    expect({ ...minute, step: 30 }).toEqual(half);
  });

  it('are those of the specification at thirty seconds', () => {
    expect(timesOf(30)).toMatchObject({ grace: 180, confirmation: 120, onsetEvery: 300, block: 300, silence: 180, incident: 600, enoughPast: 14_400 });
  });
});
