import { expect, it } from 'vitest';
import { againstLimit, evidenceOf, seconds, share } from '../../src/cli/figures.js';
import { check } from './sample-rollouts.js';

it.each([[0.004, '0.4 %'], [0, '0 %'], [1, '100 %'], [0.000_12, '0.012 %'], [1 - 0.999, '0.1 %'], [0.123_456, '12.3 %']])('writes the share %d as %s', (value, text) => {
  expect(share(value)).toBe(text);
});

it.each([
  [check({ observed: 0.021, limit: 0.001 }), '2.1 % > 0.1 %'],
  [check({ observed: 0.01, limit: 0.01 }), '1 % ≤ 1 %'],
  [check({ observed: null, limit: 0.01 }), '– ≤ 1 %'],
  [check({ kind: 'max', observed: 0.71, limit: 0.9 }), '0.71 ≤ 0.9'],
  [check({ kind: 'max', observed: 268_435_457, limit: 58_612_345 }), '268M > 58.6M'],
  [check({ kind: 'min', observed: 2, limit: 3 }), '2 < 3'],
  [check({ kind: 'min', observed: 3, limit: 3 }), '3 ≥ 3'],
])('holds what was observed against the limit: case %#', (result, text) => {
  expect(againstLimit(result)).toBe(text);
});

it('says what a verdict rests on', () => {
  expect(evidenceOf(check({ evidence: 1_204 }))).toBe('1,204 requests');
  expect(evidenceOf(check({ kind: 'max', evidence: 1 }))).toBe('1 sample');
});

it('counts seconds, and smaller parts only of what is smaller itself', () => {
  expect(seconds(400, 12_000)).toBe('0s');
  expect(seconds(400, 800)).toBe('400ms');
  expect(seconds(8_400, 12_000)).toBe('8s');
});
