import { describe, expect, it } from 'vitest';
import { levelOf, merged } from '../../../bench/judge/peers/level.js';
import { readingOf, usualOf } from '../../../bench/judge/peers/usual.js';
import { windowsOf } from '../../../bench/judge/peers/windows.js';
import type { CheckLook, Sample } from '../../../src/judge/sample.js';
import { ratioSoak, soakOf } from './soaks.js';

const durations = { name: 'durations', kind: 'histogram' } as const;
const silence: Sample = { kind: 'no-data', reason: 'nothing was scraped' };
const histogram = (buckets: Record<string, number>): Sample => ({ kind: 'histogram', buckets });

describe('the level of a sample', () => {
  it('of a histogram is its 95th percentile as Prometheus computes it: linear inside a bucket', () => {
    expect(levelOf(histogram({ '0.1': 50, '1': 90, '2.5': 100, '+Inf': 100 }), durations)).toBeCloseTo(1.75, 12);
  });

  it('of a histogram is its highest finite edge when the percentile lies beyond', () => {
    expect(levelOf(histogram({ '0.1': 50, '1': 90, '+Inf': 100 }), durations)).toBe(1);
  });

  it('of nothing is nothing', () => {
    const ratio = { name: 'errors', kind: 'ratio' } as const;
    const samples: Sample[] = [silence, { kind: 'ratio', bad: 0, total: 0 }, { kind: 'value', value: Number.NaN }, histogram({ '1': 0, '+Inf': 0 })];
    expect(samples.map((sample) => levelOf(sample, ratio))).toEqual([null, null, null, null]);
  });

  it('of a value that is worse when it is lower rises as it falls', () => {
    const sample: Sample = { kind: 'value', value: 4 };
    expect(levelOf(sample, { name: 'hits', kind: 'value', worse: 'lower' })).toBe(0.25);
    expect(levelOf(sample, { name: 'hits', kind: 'value', min: 1 })).toBe(0.25);
    expect(levelOf(sample, { name: 'hits', kind: 'value', min: 1, max: 9 })).toBe(4);
  });
});

describe('several looks as one', () => {
  it('add their counts, average their values, and leave out what says nothing', () => {
    expect(merged([{ kind: 'ratio', bad: 1, total: 10 }, silence, { kind: 'ratio', bad: 2, total: 30 }])).toEqual({ kind: 'ratio', bad: 3, total: 40 });
    expect(merged([{ kind: 'value', value: 1 }, { kind: 'value', value: 4 }])).toEqual({ kind: 'value', value: 2.5 });
    expect(merged([histogram({ '1': 1, '+Inf': 2 }), histogram({ '1': 3, '+Inf': 5 })])).toEqual(histogram({ '1': 4, '+Inf': 7 }));
    expect(merged([silence, silence]).kind).toBe('no-data');
  });
});

describe('windows', () => {
  const { soak, looks } = ratioSoak({ minutes: 5, bad: (at) => at, controlBad: () => 1 });

  it('are full one after the other and hold every look once', () => {
    const next = windowsOf(soak, 60);
    const windows = looks.flatMap((look) => next(look) ?? []);
    expect(windows.map(({ at }) => at)).toEqual([60, 120, 180, 240, 300]);
    expect(windows.map(({ checks }) => checks['errors']?.region)).toEqual([1, 5, 9, 13, 17].map((bad) => ({ kind: 'ratio', bad, total: 20_000 })));
  });

  it('are as long as looks are apart when those are further apart', () => {
    const next = windowsOf({ ...soak, step: 120 }, 60);
    expect(looks.flatMap((look) => next(look)?.at ?? [])).toEqual([120, 240]);
  });

  it('do not remember looks that were not there this time', () => {
    const all = windowsOf(soak, 60);
    looks.slice(0, 2).map(all);
    const second = windowsOf(soak, 60);
    expect(second(looks[1]!)?.checks['errors']?.region).toEqual({ kind: 'ratio', bad: 1, total: 10_000 });
  });
});

describe('a look, read with what is usual', () => {
  const show = (region: number, controls: Record<string, number>) => (): CheckLook => ({
    region: { kind: 'ratio', bad: region, total: 10_000 },
    controls: Object.fromEntries(Object.entries(controls).map(([name, bad]) => [name, { kind: 'ratio', bad, total: 10_000 }])),
  });

  it('is compared with each control times what it is usually apart', () => {
    const { soak, history, looks } = soakOf({ name: 'errors', kind: 'ratio' }, 5, show(200, { one: 100, two: 400 }), show(300, { one: 150, two: 600 }));
    const reading = readingOf(looks[0]!.checks['errors']!, usualOf(soak, history)[0]!);
    expect(reading.level).toBe(0.03);
    expect(reading.reference).toBeCloseTo(0.03, 4);
    expect(reading.difference).toBeCloseTo(0, 2);
  });

  it('does not move when the worse of the controls falls silent', () => {
    const { soak, history } = soakOf({ name: 'errors', kind: 'ratio' }, 5, show(200, { one: 100, two: 400 }), show(200, {}));
    const look = { ...show(200, { one: 100, two: 400 })(), controls: { one: { kind: 'ratio', bad: 100, total: 10_000 }, two: silence } } as const;
    expect(readingOf(look, usualOf(soak, history)[0]!).difference).toBeCloseTo(0, 3);
  });

  it('has no difference while all controls are silent', () => {
    const { soak, history } = soakOf({ name: 'errors', kind: 'ratio' }, 5, show(200, { one: 100 }), show(200, {}));
    const reading = readingOf({ ...show(200, {})(), controls: { one: silence } }, usualOf(soak, history)[0]!);
    expect(reading).toEqual({ level: 0.02 });
  });
});
