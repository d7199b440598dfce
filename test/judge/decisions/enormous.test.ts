import { describe, expect, it } from 'vitest';
import { alone, errors } from '../looks.js';
import { looksUntil, ratioCheck, watched } from './scene.js';

const budgeted = { ...ratioCheck, objective: 0.999 };

// At 1,000 times the errors every request fails.
describe('errors beyond all sizes that are looked for', () => {
  it.each([20, 100, 300, 1_000])('are a catastrophe at %d times as many', (times) => {
    const verdicts = watched({ checks: [budgeted] }, 6, () => errors(6 * times));
    expect(verdicts[looksUntil(verdicts, 'fail') - 1]).toMatchObject({ cause: 'catastrophe' });
  });

  it.each([20, 100, 300, 1_000])('fail a soak without an objective at %d times as many', (times) => {
    expect(looksUntil(watched({}, 12, () => errors(6 * times)), 'fail')).toBeLessThanOrEqual(9);
  });

  it.each([20, 100, 300, 1_000])('fail a region that has its own past alone at %d times as many', (times) => {
    const verdicts = watched({ checks: [budgeted], past: (index) => alone(4 + ((index * 7) % 5)) }, 12, () => alone(6 * times));
    expect(looksUntil(verdicts, 'fail')).toBeLessThanOrEqual(9);
  });

  it.each([20, 100, 300, 1_000])('in the controls too are an incident at %d times as many', (times) => {
    const verdicts = watched({}, 20, () => errors(6 * times, 6 * times, 6 * times, 6 * times));
    expect(verdicts.at(-1)).toMatchObject({ decision: 'hold', cause: 'global-incident' });
  });
});
