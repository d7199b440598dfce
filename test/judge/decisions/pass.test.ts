import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openJudge, restoreJudge } from '../../../src/judge/soak-judge.js';
import { errors, looksOf, pastOf, ratio, usual } from '../looks.js';
import { decisionsOf, fourHours, judged, looksUntil, ratioCheck, soakOf, story, watched } from './scene.js';

/** So few errors that little can be proven. */
const sparse = (index: number) => ({ region: ratio(index % 13 === 0 ? 1 : 0, 100), controls: { rome: ratio(index % 11 === 0 ? 1 : 0, 100) } });

describe('a good release', () => {
  it('passes once its time has been credited, and says what is excluded', () => {
    const verdicts = watched({}, 25, usual);
    expect(story(verdicts)).toBe('continue*19 pass*6');
    expect(verdicts[19]).toMatchObject({ credited: 600, checks: [{ verdict: 'pass' }] });
    expect(verdicts[19]!.checks[0]!.excluded).toBeLessThanOrEqual(1.5);
  });

  it('never passes before its time, its requests, and a margin that is excluded', () => {
    const bad = fc.constantFrom(3, 5, 6, 6, 7, 9);
    fc.assert(fc.property(fc.array(bad, { minLength: 15, maxLength: 30 }), fc.constantFrom(300, 450, 600), fc.constantFrom(0, 100_000), (script, min, minSamples) => {
      const verdicts = judged({ soak: { min: 300, minSamples }, options: { min } }, looksOf(script.length, (index) => errors(script[index - 1]!)));
      for (const { decision, credited, checks: [check] } of verdicts) {
        const isProven = credited >= min && check!.evidence >= minSamples && check!.excluded !== null && check!.excluded <= 1.5 + 1e-9;
        expect(decision !== 'pass' || isProven).toBe(true);
      }
    }), { numRuns: 20 });
  });

  it('passes before the duration only where that is allowed, and never before the minimum', () => {
    const soak = { min: 600, duration: 1_200, max: 2_400 };
    expect(looksUntil(watched({ soak: { ...soak, earlyFinish: true } }, 45, usual), 'pass')).toBe(20);
    expect(looksUntil(watched({ soak: { ...soak, earlyFinish: false } }, 45, usual), 'pass')).toBe(40);
    expect(looksUntil(watched({ soak }, 45, usual), 'pass')).toBe(40);
  });

  it('waits for its requests, and says how long about', () => {
    const verdicts = watched({ soak: { minSamples: 150_000 } }, 30, usual);
    expect(story(verdicts)).toBe('continue*19 extend*5 pass*6');
    expect(verdicts[19]!.needs).toBeCloseTo(150, -2);
    expect(verdicts[19]!.explanation).toMatch(/120,000 of 150,000 requests seen/);
  });

  it('of which nothing can be shown is extended, inconclusive at its end, and never passes', () => {
    const verdicts = watched({ past: sparse }, 45, sparse);
    expect(story(verdicts)).toBe('continue*19 extend*20 inconclusive*6');
    expect(verdicts[19]!.checks[0]!.verdict).toBe('inconclusive');
    expect(verdicts.at(-1)!.explanation).toMatch(/^inconclusive after 20 min: errors /);
  });

  it('is judged with the first look of a new pipeline, and with less is sure of less', () => {
    const soft = watched({ history: 0, checks: [{ ...ratioCheck, objective: 0.999 }] }, 45, usual);
    expect(decisionsOf(soft)).toContain('pass');
    expect(soft.at(-1)!.explanation).toMatch(/with standard noise \(no history\)/);
    const learned = looksUntil(watched({}, 60, () => errors(15)), 'fail');
    expect(looksUntil(watched({ history: 0 }, 60, () => errors(15)), 'fail')).toBeGreaterThan(learned);
  });

  it('does not pass after a short past where it is many times worse, and without any says how little is known', () => {
    expect(decisionsOf(watched({ history: 40 }, 40, () => errors(30)))).not.toContain('pass');
    expect(decisionsOf(watched({ history: 40, soak: { min: 60 } }, 4, () => errors(12)))).not.toContain('pass');
    const checks = [{ ...ratioCheck, objective: 0.99 }];
    expect(decisionsOf(watched({ history: 40, soak: { min: 60 }, checks }, 4, usual))).toContain('pass');
    // Without an objective there is nothing to show, as long as so little is known.
    expect(decisionsOf(watched({ history: 0 }, 20, usual))).not.toContain('pass');
    expect(watched({ history: 0, checks }, 20, usual).at(-1)!.explanation).toMatch(/^passed within its objectives and limits, with too little known of the noise to exclude more: errors ×/);
  });
});

describe('the operator\'s what-if', () => {
  it('has another bar', () => {
    const at = (bar: number): number => looksUntil(watched({ options: { bar } }, 40, () => errors(12)), 'fail');
    expect(at(25)).toBeLessThan(at(200));
    expect(at(200)).toBeLessThan(at(1e6));
  });

  it('has another margin', () => {
    const at = (margin: number): number => looksUntil(watched({ soak: { min: 60 }, options: { margin } }, 60, usual), 'pass');
    expect(at(3)).toBeLessThan(at(1.5));
    expect(at(1.5)).toBeLessThan(at(1.1));
  });

  it('has another minimum', () => {
    expect(looksUntil(watched({ options: { min: 900 } }, 40, usual), 'pass')).toBe(30);
    expect(looksUntil(watched({ options: { min: 450 } }, 40, usual), 'pass')).toBe(15);
  });

  it.each([{ margin: 1.3 }, { margin: 3 }, { margin: 1.07 }, { bar: 50 }, { min: 300 }])('is the same for a soak that is judged again from what was learned live: %o', (options) => {
    const looks = looksOf(30, usual);
    const kept = openJudge(soakOf({}), pastOf(fourHours, usual)).save();
    const again = restoreJudge(structuredClone(kept), options);
    const anew = openJudge(soakOf({}), pastOf(fourHours, usual), options);
    const told = (judge: typeof again) => looks.map((look) => judge.observe(look)).map(({ decision, checks }) => [decision, checks[0]!.excluded?.toFixed(3), checks[0]!.effect?.toFixed(3)]);
    expect(told(again)).toEqual(told(anew));
  });
});

describe('a soak that is sampled every second', () => {
  it('is judged as one of the same counts every thirty seconds', () => {
    const script = (index: number) => (index < 12 ? usual(index) : errors(20));
    const [slow, fast] = [30, 1].map((step) => watched({ step }, 40, script).map(({ t, decision, checks: [check], logE }, index) =>
      [(t - 1_000_000) / step, decision, logE, check!.effect, check!.excluded, index]));
    expect(fast).toEqual(slow);
  });
});
