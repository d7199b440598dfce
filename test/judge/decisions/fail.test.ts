import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timesOf } from '../../../src/judge/times.js';
import type { SoakVerdict } from '../../../src/judge/verdict.js';
import { alone, deployAt, empty, errors, looksOf, refused, usual } from '../looks.js';
import { decisionsOf, judged, looksUntil, ratioCheck, watched } from './scene.js';

const { grace, confirmation } = timesOf(30);

/** Evidence enough at this look and two minutes before, for an effect that matters; the warm-up is over. */
function isConfirmed(verdicts: SoakVerdict[], index: number, bar: number): boolean {
  const now = verdicts[index]!;
  const then = verdicts.findLast(({ t }) => t <= now.t - confirmation);
  return then !== undefined && now.t - deployAt >= grace && now.logE >= Math.log(bar) && then.logE >= Math.log(bar) && now.checks[0]!.effect! >= 1.5;
}

describe('a release that makes it worse', () => {
  it('fails only with enough evidence now and two minutes ago, for an effect that matters, and never in the warm-up', () => {
    const bad = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(25, 30, 36) }, fc.constantFrom(0, 6, 8, 12, 18));
    fc.assert(fc.property(fc.array(bad, { minLength: 12, maxLength: 24 }), fc.constantFrom(50, 200, 5_000), (script, bar) => {
      const verdicts = judged({ options: { bar } }, looksOf(script.length, (index) => errors(script[index - 1]!)));
      const failed = verdicts.findIndex(({ decision }) => decision === 'fail');
      expect(failed === -1 || isConfirmed(verdicts, failed, bar)).toBe(true);
    }), { numRuns: 25 });
  });

  it('fails at five times the errors within a minute after the warm-up', () => {
    const verdicts = watched({}, 20, () => errors(30));
    expect(verdicts[looksUntil(verdicts, 'fail') - 1]).toMatchObject({ decision: 'fail', cause: 'evidence', checks: [{ verdict: 'fail' }] });
    expect(looksUntil(verdicts, 'fail') * 30).toBeLessThanOrEqual(grace + 60);
  });

  it('fails where the errors come only after half of the soak', () => {
    const verdicts = watched({}, 40, (index) => (index < 12 ? usual(index) : errors(30)));
    expect(looksUntil(verdicts, 'fail')).toBeGreaterThanOrEqual(16);
    expect(looksUntil(verdicts, 'fail')).toBeLessThanOrEqual(20);
  });

  it('does not fail by a warm-up that is over when its grace is', () => {
    expect(decisionsOf(watched({}, 40, (index) => (index <= 5 ? errors(20) : usual(index))))).not.toContain('fail');
  });

  it('stays failed, whatever is seen then', () => {
    const verdicts = watched({}, 40, (index) => (index < 10 ? errors(30) : index < 20 ? { region: empty, controls: {} } : index < 30 ? errors(6) : errors(60, 60, 60, 60)));
    const first = looksUntil(verdicts, 'fail');
    expect(first).toBeLessThan(10);
    expect(decisionsOf(verdicts.slice(first - 1))).toEqual(['fail']);
  });

  it('does not fail by an effect below the margin, however sure that is', () => {
    const verdicts = watched({ checks: [{ ...ratioCheck, margin: 3 }] }, 40, () => errors(12));
    expect(verdicts.at(-1)!.logE).toBeGreaterThan(Math.log(200));
    expect(decisionsOf(verdicts)).not.toContain('fail');
  });

  it('names the check that got worse, and not the others', () => {
    const both = (index: number, bad: number) => ({ errors: errors(bad), slow: usual(index) });
    const verdicts = watched({ checks: [ratioCheck, { name: 'slow', kind: 'ratio' }], past: (index) => ({ errors: usual(index), slow: usual(index + 1) }) }, 20, (index) => both(index, 30));
    const { checks, explanation } = verdicts[looksUntil(verdicts, 'fail') - 1]!;
    expect(checks.map(({ name, verdict }) => [name, verdict])).toEqual([['errors', 'fail'], ['slow', 'inconclusive']]);
    expect(explanation).toMatch(/^failed, because something got worse: errors ×/);
    expect(explanation).not.toMatch(/slow/);
  });

  it('is not seen in what was counted before the deploy', () => {
    const looks = [...looksOf(1, () => errors(5_000), { first: 0 }), ...looksOf(20, usual)];
    expect(decisionsOf(judged({}, looks))).toEqual(['continue', 'pass']);
  });
});

describe('a catastrophe', () => {
  const budgeted = { ...ratioCheck, objective: 0.999 };

  it('fails inside the warm-up, but not by one look', () => {
    for (const history of [480, 0]) {
      const verdicts = watched({ checks: [budgeted], history }, 6, () => errors(60));
      const first = looksUntil(verdicts, 'fail');
      expect(first).toBeGreaterThan(1);
      expect(first * 30).toBeLessThan(grace);
      expect(verdicts[first - 1]).toMatchObject({ cause: 'catastrophe', checks: [{ verdict: 'fail' }] });
    }
    expect(decisionsOf(watched({ checks: [budgeted], history: 0 }, 5, (index) => errors(index === 1 ? 60 : 6)))).not.toContain('fail');
  });

  it('is none where the controls are as bad, nor without an objective', () => {
    expect(decisionsOf(watched({ checks: [budgeted] }, 20, () => errors(60, 60, 60, 60)))).not.toContain('fail');
    expect(looksUntil(watched({}, 20, () => errors(60)), 'fail') * 30).toBeGreaterThanOrEqual(grace);
  });
});

describe('a hard limit', () => {
  const memory = { name: 'errors', kind: 'value' as const, max: 0.9 };
  const held = (region: number, control = 0.5) => ({ region: { kind: 'value' as const, value: region }, controls: { rome: { kind: 'value' as const, value: control }, oslo: { kind: 'value' as const, value: control + 0.01 } } });
  const past = (index: number) => held(0.5 + 0.01 * ((index * 7) % 5), 0.5 + 0.01 * ((index * 3) % 5));
  const inRow = (script: number[], control = 0.5) => watched({ checks: [memory], past }, script.length, (index) => held(script[index - 1]!, control));

  it('fails by three looks in a row beyond it, also in the warm-up', () => {
    const verdicts = inRow([0.5, 0.95, 0.95, 0.95, 0.95]);
    expect(looksUntil(verdicts, 'fail')).toBe(4);
    expect(verdicts[3]).toMatchObject({ cause: 'limit', checks: [{ verdict: 'fail', limit: 0.9, observed: 0.95 }] });
  });

  it('does not fail by spikes', () => {
    const near = (index: number) => held(0.86 + 0.01 * ((index * 7) % 5), 0.86 + 0.01 * ((index * 3) % 5));
    const script = [0.91, 0.91, 0.88, 0.91, 0.91, 0.88, 0.9, 0.9, 0.9];
    expect(decisionsOf(watched({ checks: [memory], past: near }, script.length, (index) => held(script[index - 1]!, 0.88)))).toEqual(['continue']);
  });

  it('does not fail where the controls are beyond it too', () => {
    expect(decisionsOf(inRow([0.95, 0.95, 0.95, 0.95, 0.95], 0.96))).not.toContain('fail');
  });

  it('holds below as above', () => {
    const free = { name: 'errors', kind: 'value' as const, min: 0.3 };
    const verdicts = watched({ checks: [free], past }, 5, () => held(0.2));
    expect(verdicts[looksUntil(verdicts, 'fail') - 1]).toMatchObject({ cause: 'limit', checks: [{ limit: 0.3, observed: 0.2 }] });
  });

  it('keeps a soak from passing while it is broken', () => {
    const verdicts = watched({ checks: [memory], past }, 20, (index) => (index === 20 ? held(0.95) : past(index)));
    expect(verdicts.at(-1)!.decision).not.toBe('pass');
  });
});

describe('a value that gets worse downwards', () => {
  const past = (index: number) => ({ region: { kind: 'value' as const, value: 0.5 + 0.01 * ((index * 7) % 5) }, controls: { rome: { kind: 'value' as const, value: 0.5 + 0.01 * ((index * 3) % 5) } } });
  const at = (region: number) => (index: number) => ({ ...past(index), region: { kind: 'value' as const, value: region } });

  it.each([{ worse: 'lower' as const }, { min: 0.01 }, { worse: 'lower' as const, max: 5 }])('fails where it falls, and passes where it rises: %o', (limits) => {
    const check = { name: 'errors', kind: 'value' as const, ...limits };
    const fallen = watched({ checks: [check], past }, 12, at(0.35));
    expect(looksUntil(fallen, 'fail')).toBeLessThanOrEqual(10);
    expect(fallen.at(-1)!.checks[0]).toMatchObject({ observed: 0.35 });
    expect(fallen.at(-1)!.checks[0]!.effect).toBeGreaterThan(1.3);
    expect(watched({ checks: [check], past }, 20, at(0.75)).at(-1)!.decision).toBe('pass');
  });

  it.each([{}, { max: 5 }, { min: 0.01, max: 5 }, { worse: 'higher' as const, min: 0.01 }])('is not one unless it says so, or has nothing but a least value: %o', (limits) => {
    const check = { name: 'errors', kind: 'value' as const, ...limits };
    expect(looksUntil(watched({ checks: [check], past }, 12, at(0.75)), 'fail')).toBeLessThanOrEqual(10);
    expect(decisionsOf(watched({ checks: [check], past }, 20, at(0.35)))).not.toContain('fail');
  });
});

describe('a region with nothing but its own past', () => {
  const past = (index: number) => alone(4 + ((index * 7) % 5));

  it('is held by evidence, and fails only where its objective is broken too', () => {
    const of = (objective: number | undefined) => watched({ past, checks: [{ ...ratioCheck, objective }] }, 20, () => alone(30));
    expect(decisionsOf(of(undefined))).toEqual(['hold']);
    expect(of(undefined).at(-1)!.cause).toBe('no-reference');
    expect(of(0.99).at(-1)).toMatchObject({ decision: 'hold', cause: 'no-reference' });
    expect(of(0.999).at(-1)).toMatchObject({ decision: 'fail', cause: 'evidence' });
  });

  it('passes where nothing changes', () => {
    expect(watched({ past }, 20, past).at(-1)!.decision).toBe('pass');
  });
});

describe('a region with nothing to be compared with', () => {
  const burning = { history: 0, checks: [{ ...ratioCheck, objective: 0.999 }] };

  it('fails by its objective alone, and not in the warm-up', () => {
    const verdicts = watched(burning, 12, () => alone(20));
    expect(verdicts[looksUntil(verdicts, 'fail') - 1]).toMatchObject({ t: deployAt + grace, cause: 'evidence' });
  });

  it('does not fail by a look that brought nothing, though all the evidence is there', () => {
    const verdicts = watched(burning, 12, (index) => (index < 6 ? alone(20) : { region: refused, controls: {} }));
    expect(verdicts[5]!.logE).toBeGreaterThan(Math.log(200));
    expect(decisionsOf(verdicts)).toEqual(['hold', 'no-data']);
  });
});

describe('evidence', () => {
  it('neither passes nor fails a soak while its source fails, however high it stands', () => {
    const verdicts = watched({}, 30, (index) => (index <= 4 ? errors(30) : { region: refused, controls: usual(index).controls }));
    expect(verdicts[3]!.logE).toBeGreaterThan(Math.log(200));
    expect(decisionsOf(verdicts)).toEqual(['hold', 'no-data']);
    expect(verdicts.at(-1)).toMatchObject({ cause: 'error', checks: [{ verdict: 'error' }] });
  });

  it('of two checks fails by the one that is heard', () => {
    const both = (index: number) => ({ errors: errors(30), slow: { region: empty, controls: usual(index).controls } });
    const verdicts = watched({ checks: [ratioCheck, { name: 'slow', kind: 'ratio' }], past: (index) => ({ errors: usual(index), slow: usual(index + 1) }) }, 12, both);
    expect(verdicts.at(-1)!.decision).toBe('fail');
    expect(verdicts.at(-1)!.checks.map(({ verdict }) => verdict)).toEqual(['fail', 'no-data']);
  });
});
