import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBuckets } from '../../src/adapters/histogram-buckets.js';

describe('the buckets of a histogram', () => {
  it('are told by their upper edge, written one way, in whatever order and spelling they come', () => {
    expect(readBuckets([['+Inf', 10], ['1e-1', 4], ['.5', 6], ['1.0', 7], ['2.5e+03', 9]])).toEqual({
      kind: 'found', value: { 0.1: 4, 0.5: 6, 1: 7, 2500: 9, '+Inf': 10 },
    });
    expect(readBuckets([['1', 2], ['inf', 3]])).toEqual({ kind: 'found', value: { 1: 2, '+Inf': 3 } });
    expect(readBuckets([['-1', 2], ['0', 3], ['Inf', 3]])).toEqual({ kind: 'found', value: { '-1': 2, 0: 3, '+Inf': 3 } });
  });

  it('with the same edge in two spellings, from two libraries, are one', () => {
    expect(readBuckets([['1', 2], ['1.0', 5], ['+Inf', 3], ['Inf', 6]])).toEqual({ kind: 'found', value: { 1: 7, '+Inf': 9 } });
  });

  it('may all be empty: nobody asked for anything', () => {
    expect(readBuckets([['1', 0], ['+Inf', 0]])).toEqual({ kind: 'found', value: { 1: 0, '+Inf': 0 } });
  });

  it('are made cumulative where a hundredth is missing, as a reset that nobody saw leaves them', () => {
    expect(readBuckets([['1', 500], ['2', 495], ['3', 600], ['+Inf', 1_000]])).toEqual({ kind: 'found', value: { 1: 500, 2: 500, 3: 600, '+Inf': 1_000 } });
    expect(readBuckets([['1', 500], ['2', 489], ['+Inf', 1_000]])).toEqual({
      kind: 'no-data', reason: 'the buckets are not cumulative: le="2" has 489, and one below it has 500',
    });
    expect(readBuckets([['1', 1], ['+Inf', 0]])).toMatchObject({ kind: 'no-data' });
  });

  it.each([
    [[['1', 2], ['2', 3]], 'error', 'there is no bucket le="+Inf"'],
    [[['+Inf', 3]], 'error', 'no bucket but le="+Inf"'],
    [[['', 2], ['+Inf', 3]], 'error', 'le="" is not the upper edge of a bucket'],
    [[['0x10', 2], ['+Inf', 3]], 'error', 'le="0x10" is not the upper edge'],
    [[['NaN', 2], ['+Inf', 3]], 'error', 'le="NaN" is not the upper edge'],
    [[['1', -2], ['+Inf', 3]], 'error', 'le="1" went down by 2'],
    [[['1', Number.NaN], ['+Inf', 3]], 'no-data', 'le="1" is NaN'],
    [[['1', 3], ['+Inf', Number.POSITIVE_INFINITY]], 'no-data', 'le="+Inf" is Infinity'],
  ] satisfies [[string, number][], string, string][])('%j are none', (counts, kind, reason) => {
    expect(readBuckets(counts)).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });

  it('never decrease and never lose anybody, whatever came', () => {
    const edge = fc.constantFrom('0.1', '1', '1.0', '1e1', '+Inf', 'Inf', '-5', 'x', 'NaN');
    fc.assert(fc.property(fc.array(fc.tuple(edge, fc.oneof(fc.integer({ min: -1, max: 50 }), fc.constant(Number.NaN))), { minLength: 1 }), (counts) => {
      const read = readBuckets(counts);
      if (read.kind !== 'found') return read.reason.length > 0;
      const inOrder = Object.entries(read.value).toSorted(([a], [b]) => Number(a.replace('+Inf', 'Infinity')) - Number(b.replace('+Inf', 'Infinity')));
      return inOrder.every(([, count], index) => index === 0 || count >= inOrder[index - 1]![1]) && inOrder.at(-1)![0] === '+Inf';
    }), { numRuns: 2_000 });
  });
});
