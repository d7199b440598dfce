import { expect, it } from 'vitest';
import { listNames } from '../../src/rollout/list-names.js';

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c', 'd'], 'a, b, c and d'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
])('names are listed as people say them, a few by name: %j', (names, text) => {
  expect(listNames(names)).toBe(text);
});
