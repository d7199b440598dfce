import { expect, it } from 'vitest';
import { againstLimit, evidenceOf, findingOf, odds, seconds, share } from '../../src/cli/figures.js';
import { check } from './sample-rollouts.js';

it.each([[0.004, '0.4 %'], [0, '0 %'], [1, '100 %'], [0.000_12, '0.012 %'], [1 - 0.999, '0.1 %'], [0.123_456, '12.3 %']])('writes the share %d as %s', (value, text) => {
  expect(share(value)).toBe(text);
});

it.each([
  [check({ observed: 0.021, limit: 0.001 }), '2.1 % > 0.1 %'],
  [check({ observed: 0.01, limit: 0.01 }), '1 % ≤ 1 %'],
  [check({ observed: null, limit: 0.01 }), '– ≤ 1 %'],
  [check({ kind: 'value', observed: 0.71, limit: 0.9 }), '0.71 ≤ 0.9'],
  [check({ kind: 'value', observed: 268_435_457, limit: 58_612_345 }), '268M > 58.6M'],
  [check({ kind: 'value', observed: 0.71, limit: null }), '0.71'],
  [check({ kind: 'histogram', observed: 0.034, limit: null }), '0.034'],
  [check({ kind: 'histogram', observed: null, limit: null }), '–'],
])('holds what was observed against the limit: case %#', (result, text) => {
  expect(againstLimit(result)).toBe(text);
});

it('says what a verdict rests on', () => {
  expect(evidenceOf(check({ evidence: 1_204 }))).toBe('1,204 requests');
  expect(evidenceOf(check({ kind: 'value', evidence: 1 }))).toBe('1 sample');
  expect(evidenceOf(check({ kind: 'histogram', evidence: 96 }))).toBe('96 requests');
});

it.each([
  ['what speaks against the release', { logE: 8.13, effect: 2.34, interval: [1.71, 3.08], excluded: null }, '×2.3 (1.7–3.1), 3,400 : 1'],
  ['an effect that nobody can bound yet', { logE: 3, effect: 2, interval: null, excluded: null }, '×2, 20 : 1'],
  ['evidence without an effect', { logE: 3, effect: null, interval: null, excluded: null }, '20 : 1'],
  ['what is excluded', { logE: -2, effect: 0.9, interval: [0.6, 1.3], excluded: 1.5 }, 'below ×1.5'],
  ['the effect while nothing is proven', { logE: 0.4, effect: 1.2, interval: [0.5, 2.9], excluded: null }, '×1.2 (0.5–2.9)'],
  ['nothing where nobody can say', { logE: 0, effect: null, interval: null, excluded: null }, ''],
] as const)('tells %s', (_what, given, text) => {
  expect(findingOf(check({ ...given, interval: given.interval === null ? null : [given.interval[0], given.interval[1]] }))).toBe(text);
});

it.each([[Math.log(199), '200 : 1'], [Math.log(99_999), '100,000 : 1'], [300, '10^130 : 1'], [1e6, '10^434294 : 1']])('writes the evidence e^%d as odds', (logE, text) => {
  expect(odds(logE)).toBe(text);
});

it('counts seconds, and smaller parts only of what is smaller itself', () => {
  expect(seconds(400, 12_000)).toBe('0s');
  expect(seconds(400, 800)).toBe('400ms');
  expect(seconds(8_400, 12_000)).toBe('8s');
});
