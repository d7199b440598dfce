import { describe, expect, it } from 'vitest';
import type { CheckLook } from '../../../src/judge/sample.js';
import { latencies } from '../latencies.js';
import { histogram } from '../looks.js';
import { decisionsOf, looksUntil, watched } from './scene.js';

const latency = { name: 'errors', kind: 'histogram' as const };
const of = (requests: number, factor = 1) => (index: number): CheckLook => {
  const took = (place: number, times = 1) => histogram(latencies(requests, Math.log(times) + 0.01 * ((index * place) % 5)));
  return { region: took(7, factor), controls: { rome: took(3), oslo: took(11) } };
};

describe('requests that take longer', () => {
  it.each([200, 6_000, 200_000].flatMap((requests) => [1.3, 2, 4, 5, 30, 200].map((factor) => [requests, factor] as const)))('fail a soak: %d requests a look, %d times as long', (requests, factor) => {
    const verdicts = watched({ checks: [latency], past: of(requests) }, 12, of(requests, factor));
    expect(looksUntil(verdicts, 'fail')).toBeLessThanOrEqual(11);
    expect(verdicts.at(-1)!.checks[0]!.effect).toBeGreaterThan(1.1);
  });

  it.each([200, 6_000, 200_000].flatMap((requests) => [1, 0.9, 0.5, 0.2].map((factor) => [requests, factor] as const)))('do not, where they take as long or less: %d requests a look, %d times as long', (requests, factor) => {
    const verdicts = watched({ checks: [latency], past: of(requests) }, 24, of(requests, factor));
    expect(decisionsOf(verdicts)).not.toContain('hold');
    expect(verdicts.at(-1)!.decision).toBe('pass');
  });
});
