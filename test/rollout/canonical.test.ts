import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical } from '../../src/rollout/canonical.js';

const shuffleKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffleKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, each]) => [key, shuffleKeys(each)]));
};

it('is the same text for the same value, in whatever order its keys were written, however deep', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(canonical(shuffleKeys(value))).toBe(canonical(value));
  }));
  expect(canonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
});

it('is another text for another value', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
    expect(canonical(one) === canonical(other)).toBe(sameJson(one, other));
  }));
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
});

it('is JSON of the value', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(sameJson(JSON.parse(canonical(value)), value)).toBe(true);
  }));
});

/** Equality of JSON, written apart from the code under test; JSON has no -0. */
function sameJson(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length
    && keys.every((key) => Object.hasOwn(other, key) && sameJson((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}
