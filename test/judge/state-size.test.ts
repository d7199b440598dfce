import { describe, expect, it } from 'vitest';
import { openJudge, restoreJudge, type JudgeState } from '../../src/judge/soak-judge.js';
import type { CheckLook } from '../../src/judge/sample.js';
import type { JudgedSoak } from '../../src/judge/soak.js';
import { latencies } from './latencies.js';
import { deployAt, histogram, looksOf, pastOf, ratio, refused, value } from './looks.js';

const places = ['amsterdam', 'frankfurt', 'london', 'madrid', 'milan', 'paris', 'stockholm', 'zurich'];
const wobble = (index: number, place: number): number => (index * (7 + 2 * place)) % 5;
const seen = (of: (place: number) => CheckLook['region']): CheckLook => ({ region: of(0), controls: Object.fromEntries(places.map((name, place) => [name, of(place + 1)])) });

/** Five checks, eight controls. */
const soak: JudgedSoak = {
  deployAt, step: 30,
  checks: [
    { name: 'errors', kind: 'ratio', objective: 0.999 }, { name: 'slow requests', kind: 'ratio', objective: 0.99 },
    { name: 'latency', kind: 'histogram' }, { name: 'memory', kind: 'value', max: 90 }, { name: 'queue', kind: 'value' },
  ],
  soak: { min: 3_600, max: 14_400 },
};

const look = (index: number): Record<string, CheckLook> => ({
  'errors': seen((place) => ratio(4 + wobble(index, place), 6_000)),
  'slow requests': seen((place) => ratio(40 + 3 * wobble(index, place), 6_000)),
  'latency': seen((place) => histogram(latencies(500, 0.02 * wobble(index, place)))),
  'memory': seen((place) => value(50 + 2 * wobble(index, place))),
  'queue': seen((place) => value(10 + wobble(index, place))),
});

const bytesOf = (state: JudgeState): number => Buffer.byteLength(JSON.stringify(state));

describe('what a judge keeps between two looks', () => {
  it('stays below 100 KB for five checks and eight controls, and grows no more once the soak has had its time', () => {
    const judge = openJudge(soak, pastOf(120, look));
    const sizes = looksOf(600, (index) => (index % 50 === 0 ? Object.fromEntries(Object.keys(look(1)).map((name) => [name, { region: refused, controls: {} }])) : look(index))).map((each, index) => {
      judge.observe(each);
      return index % 20 === 0 ? bytesOf(judge.save()) : 0;
    });
    expect(Math.max(...sizes)).toBeLessThan(100_000);
    expect(Math.max(...sizes.slice(481))).toBeLessThan(1.02 * Math.max(...sizes.slice(0, 481)));
  });

  it('holds no look: what is restored knows as much', () => {
    const judge = openJudge(soak, pastOf(40, look));
    for (const each of looksOf(10, look)) judge.observe(each);
    const restored = restoreJudge(JSON.parse(JSON.stringify(judge.save())) as JudgeState);
    expect(JSON.stringify(restored.save())).toBe(JSON.stringify(judge.save()));
  });
});
