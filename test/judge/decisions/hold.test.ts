import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alone, empty, errors, looksOf, ratio, refused, usual } from '../looks.js';
import { decisionsOf, judged, looksUntil, ratioCheck, story, watched } from './scene.js';

const enough = Math.log(20);

describe('a soak is held by evidence', () => {
  it('from 20 : 1 on, and goes on by itself when that is gone', () => {
    const bad = fc.constantFrom(0, 3, 6, 8, 12, 18);
    fc.assert(fc.property(fc.array(bad, { minLength: 6, maxLength: 24 }), (script) => {
      const verdicts = judged({}, looksOf(script.length, (index) => errors(script[index - 1]!)));
      verdicts.forEach(({ decision, cause, logE, checks: [check] }, index) => {
        const wasHeld = index > 0 && verdicts[index - 1]!.decision === 'hold';
        expect(logE < enough || check!.effect! < 1.5 || decision === 'hold' || decision === 'fail').toBe(true);
        expect(decision !== 'hold' || cause === 'evidence').toBe(true);
        expect(decision !== 'hold' || logE >= enough || (wasHeld && logE > 0)).toBe(true);
      });
    }), { numRuns: 25 });
  });

  it('no longer than it lasts: after good looks it passes', () => {
    const verdicts = watched({ checks: [{ ...ratioCheck, margin: 4 }] }, 60, (index) => (index <= 4 ? errors(18) : usual(index)));
    expect(verdicts[3]!.decision).toBe('hold');
    expect(verdicts.at(-1)!.decision).toBe('pass');
  });
});

describe('where the controls get worse too', () => {
  it('the soak is held and never fails, and a person is told', () => {
    for (const region of [60, 120]) {
      const verdicts = watched({}, 30, () => errors(region, 60, 60, 60));
      expect(decisionsOf(verdicts)).not.toContain('fail');
      expect(verdicts.at(-1)).toMatchObject({ decision: 'hold', cause: 'global-incident' });
      expect(verdicts.at(-1)!.explanation).toMatch(/a person should look \(rome, oslo and lima\)/);
    }
  });

  it('half of them are enough', () => {
    const four = (bad: number, ...controls: number[]) => ({ region: ratio(bad, 6_000), controls: Object.fromEntries(controls.map((each, index) => [`c${index}`, ratio(each, 6_000)])) });
    const past = (index: number) => four(4 + ((index * 7) % 5), ...[8, 11, 13, 17].map((each) => 4 + ((index * each) % 5)));
    expect(watched({ past }, 20, () => four(60, 60, 60, 6, 6)).at(-1)).toMatchObject({ decision: 'hold', cause: 'global-incident' });
    expect(watched({ past }, 20, () => four(60, 60, 6, 6, 6)).at(-1)).toMatchObject({ decision: 'fail' });
  });

  it('one that is sick by itself is left out, and named', () => {
    const verdicts = watched({}, 20, (index) => ({ ...usual(index), controls: { ...usual(index).controls, rome: ratio(60, 6_000) } }));
    expect(verdicts.at(-1)).toMatchObject({ decision: 'pass', checks: [{ controls: ['oslo', 'lima'] }] });
    expect(verdicts.at(-1)!.explanation).toMatch(/; rome got worse by itself$/);
  });

  it('one that is sick hides no regression', () => {
    expect(watched({}, 20, () => errors(30, 60)).at(-1)!.decision).toBe('fail');
  });

  it('the hold ends when they are well again, some time later', () => {
    const verdicts = watched({}, 80, (index) => (index <= 10 ? errors(60, 60, 60, 60) : usual(index)));
    expect(verdicts[9]).toMatchObject({ decision: 'hold', cause: 'global-incident' });
    expect(verdicts.at(-1)!.decision).toBe('pass');
    expect(verdicts.at(-1)!.checks[0]!.controls).toEqual(['rome', 'oslo', 'lima']);
  });
});

describe('without data', () => {
  const silent = (index: number) => ({ region: empty, controls: usual(index).controls });

  it('a soak is held, its time stands still, and it goes on by itself', () => {
    const verdicts = watched({}, 45, (index) => (index > 5 && index < 16 ? silent(index) : usual(index)));
    expect(decisionsOf(verdicts)).toEqual(['continue', 'no-data', 'pass']);
    expect(verdicts.filter(({ decision }) => decision === 'no-data').length).toBeGreaterThanOrEqual(8);
    verdicts.forEach(({ decision, credited }, index) => expect(credited - (verdicts[index - 1]?.credited ?? 0)).toBe(decision === 'no-data' ? 0 : 30));
    expect(looksUntil(verdicts, 'pass')).toBe(20 + verdicts.filter(({ decision }) => decision === 'no-data').length);
  });

  it('an error of the source is told apart', () => {
    expect(watched({}, 10, () => ({ region: refused, controls: {} })).at(-1)).toMatchObject({ decision: 'no-data', cause: 'error', checks: [{ verdict: 'error' }] });
    expect(watched({}, 10, silent).at(-1)).toMatchObject({ decision: 'no-data', checks: [{ verdict: 'no-data' }] });
    expect(watched({}, 10, silent).at(-1)).not.toHaveProperty('cause');
  });

  it('of one check of two, nothing passes', () => {
    const verdicts = watched({ checks: [ratioCheck, { name: 'slow', kind: 'ratio' }], past: (index) => ({ errors: usual(index), slow: usual(index + 1) }) }, 45, (index) => ({ errors: usual(index), slow: silent(index) }));
    expect(decisionsOf(verdicts.slice(2))).toEqual(['no-data']);
  });

  it('in the last look alone, it passes one look later', () => {
    const verdicts = watched({}, 21, (index) => (index === 20 ? silent(index) : usual(index)));
    expect(story(verdicts)).toBe('continue*20 pass*1');
  });

  it('of the controls, a soak does not pass by what it cannot compare', () => {
    const verdicts = watched({}, 45, (index) => ({ region: usual(index).region, controls: {} }));
    expect(decisionsOf(verdicts)).toEqual(['continue', 'extend', 'inconclusive']);
  });

  it('for a long time, nothing is credited for the gap', () => {
    const looks = [...looksOf(5, usual), ...looksOf(5, usual, { first: 105 })];
    expect(judged({}, looks).at(-1)!.credited).toBeLessThanOrEqual(330);
  });
});

describe('a gap between two looks', () => {
  it('is credited with two looks at most, though most of them came', () => {
    const verdicts = judged({}, [...looksOf(6, usual), ...looksOf(3, usual, { first: 9 })]);
    expect(verdicts.map(({ credited }) => credited)).toEqual([30, 60, 90, 120, 150, 180, 240, 270, 300]);
  });

  it('is worth as much as looks that brought nothing: the ratio drifts on', () => {
    const silent = () => ({ region: empty, controls: {} });
    const before = looksOf(3, () => errors(9));
    const after = looksOf(1, () => errors(14), { first: 30 });
    const [missed, unheard] = [judged({}, [...before, ...after]), judged({}, [...before, ...looksOf(26, silent, { first: 4 }), ...after])];
    expect(missed.at(-1)!.logE).toBeCloseTo(unheard.at(-1)!.logE, 3);
  });
});

describe('the evidence of several checks', () => {
  it('is their mean: no check is made worse by the noise of the others', () => {
    const verdicts = watched({ checks: [ratioCheck, { name: 'slow', kind: 'ratio' }], past: (index) => ({ errors: usual(index), slow: usual(index + 1) }) }, 10, (index) => ({ errors: errors(12), slow: usual(index) }));
    for (const { logE, checks } of verdicts) expect(Math.exp(logE)).toBeCloseTo(checks.reduce((sum, check) => sum + Math.exp(check.logE), 0) / 2, 6);
  });
});

describe('the budget of the rollout', () => {
  it('holds a soak that has cost more bad requests than what would have been anyway', () => {
    const verdicts = watched({ more: { budgetLeft: 25 } }, 18, () => errors(8));
    expect(story(verdicts)).toMatch(/^continue\*\d+ hold\/budget\*\d+$/);
    for (const { decision, checks } of verdicts) expect(decision === 'hold').toBe(checks[0]!.attributable > 25);
    expect(verdicts.at(-1)!.checks[0]!.attributable).toBeCloseTo(18 * 2, 0);
  });

  it('that is spent keeps no soak from its end', () => {
    const verdicts = watched({ more: { budgetLeft: 1 } }, 25, () => errors(6.3));
    expect(story(verdicts)).toMatch(/^continue\*\d+ hold\/budget\*\d+ pass\*\d+$/);
    expect(watched({ more: { budgetLeft: 1 } }, 25, (index) => (index < 10 ? errors(7) : { region: empty, controls: usual(index).controls })).at(-1)!.decision).toBe('no-data');
  });

  it('counts what the controls have not, and nothing below nothing', () => {
    expect(watched({}, 10, () => errors(16, 16, 16, 16)).at(-1)!.checks[0]!.attributable).toBeLessThan(5);
    expect(watched({}, 10, () => errors(0)).at(-1)!.checks[0]!.attributable).toBe(0);
    expect(watched({ past: (index) => alone(4 + ((index * 7) % 5)) }, 10, () => alone(16)).at(-1)!.checks[0]!.attributable).toBeCloseTo(100, -1);
  });
});

describe('evidence of the regions before', () => {
  const script = (count: number) => looksOf(count, () => errors(9));

  it('counts for half: ½·M·E + ½·E', () => {
    const plain = judged({}, script(10));
    for (const logM of [-2, 0, 3, 8]) {
      const carried = judged({ more: { carried: { errors: logM } } }, script(10));
      carried.forEach(({ checks, logE }, index) => {
        const alreadyThere = plain[index]!.checks[0]!.logE;
        expect(checks[0]!.logE).toBeCloseTo(alreadyThere + Math.log((Math.exp(logM) + 1) / 2), 9);
        expect(logE).toBeCloseTo(checks[0]!.logE, 9);
      });
    }
  });

  it('finds what one region alone is too small for', () => {
    const held = (logM: number): number => looksUntil(judged({ more: { carried: { errors: logM } } }, looksOf(25, () => errors(10))), 'hold');
    expect(held(5)).toBeLessThan(held(0));
  });

  it('of other checks counts for nothing, whatever they are called', () => {
    expect(judged({ more: { carried: { constructor: 9, toString: 9 } } }, script(5))).toEqual(judged({}, script(5)));
  });
});
