import { expect, it } from 'vitest';
import { told } from './told.js';

it('a check of a value can pass', () => {
  const memory = { name: 'memory', kind: 'value', query: 'memory', max: 0.5 };
  const metrics = { type: 'scrape', url: 'http://x' };
  expect(told({ metrics, checks: [{ ...memory, min: 0.6 }] })).toEqual(['/checks/0/min: min is 0.6 and max is 0.5: memory could never pass']);
  expect(told({ metrics, checks: [{ ...memory, min: 0.5 }] })).toEqual([]);
});
