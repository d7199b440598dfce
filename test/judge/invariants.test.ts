import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Look } from '../../src/judge/sample.js';
import { openJudge, restoreJudge, type JudgeState } from '../../src/judge/soak-judge.js';
import { soakDecisions, type SoakVerdict } from '../../src/judge/verdict.js';
import { anySoak, type AnySoak } from './any-soak.js';
import { deployAt } from './looks.js';

const verdictsOf = ({ soak, history, looks, options }: AnySoak): SoakVerdict[] => {
  const judge = openJudge(soak, history, options);
  return looks.map((look) => judge.observe(look));
};

/** All numbers in it, wherever they stand. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('any soak with any samples', () => {
  it('is judged in finite numbers, and never fails to be judged', () => {
    fc.assert(fc.property(anySoak, (any) => {
      for (const verdict of verdictsOf(any)) {
        expect(soakDecisions).toContain(verdict.decision);
        expect(numbersIn(verdict).filter((number) => !Number.isFinite(number))).toEqual([]);
        expect(verdict.explanation.replaceAll(/the source answered (NaN|-?Infinity)/g, '')).not.toMatch(/NaN|Infinity|undefined|null|\n/);
      }
    }), { numRuns: 150 });
  });
  it('is judged the same each time', () => {
    fc.assert(fc.property(anySoak, (any) => {
      expect(JSON.stringify(verdictsOf(any))).toBe(JSON.stringify(verdictsOf(any)));
    }), { numRuns: 30 });
  });

  it('is judged the same, byte for byte, when it is written down as JSON after every look', () => {
    fc.assert(fc.property(anySoak, (any) => {
      const { soak, history, looks, options } = any;
      let state = JSON.stringify(openJudge(soak, history, options).save());
      const verdicts = looks.map((look) => {
        const judge = restoreJudge(JSON.parse(state) as JudgeState, options);
        const verdict = judge.observe(look);
        state = JSON.stringify(judge.save());
        return verdict;
      });
      expect(JSON.stringify(verdicts)).toBe(JSON.stringify(verdictsOf(any)));
    }), { numRuns: 60 });
  });

  it('is not changed by having been saved, and changes nothing that was handed to it', () => {
    fc.assert(fc.property(anySoak, (any) => {
      const before = JSON.stringify(any);
      const judge = openJudge(any.soak, any.history, any.options);
      const verdicts = any.looks.map((look) => {
        const saved = judge.save();
        const written = JSON.stringify(saved);
        const verdict = judge.observe(look);
        expect(JSON.stringify(saved)).toBe(written);
        return verdict;
      });
      expect(JSON.stringify(verdicts)).toBe(JSON.stringify(verdictsOf(any)));
      expect(JSON.stringify(any)).toBe(before);
    }), { numRuns: 30 });
  });

  it('never passes while a check is not heard, and never fails by its silence', () => {
    fc.assert(fc.property(anySoak, (any) => {
      verdictsOf(any).forEach(({ decision, checks }, index, verdicts) => {
        const silent = checks.filter(({ verdict }) => verdict === 'no-data' || verdict === 'error');
        expect(decision === 'pass' && silent.length > 0).toBe(false);
        expect(decision === 'fail' && verdicts[index - 1]?.decision !== 'fail' && silent.length === checks.length).toBe(false);
      });
    }), { numRuns: 100 });
  });

  it('passes only when every check passes, and fails only when one fails, at once or for good', () => {
    fc.assert(fc.property(anySoak, (any) => {
      const verdicts = verdictsOf(any);
      verdicts.forEach(({ decision, checks }, index) => {
        const has = (wanted: string): boolean => checks.some(({ verdict }) => verdict === wanted);
        expect(decision !== 'pass' || checks.every(({ verdict }) => verdict === 'pass')).toBe(true);
        expect(decision === 'fail' || !has('fail')).toBe(true);
        expect(verdicts[index - 1]?.decision !== 'fail' || decision === 'fail').toBe(true);
      });
    }), { numRuns: 100 });
  });

  it('is judged the same every second as every thirty seconds, times apart', () => {
    fc.assert(fc.property(anySoak, ({ soak, history, looks, options: { margin, bar } }) => {
      const every = (step: number): AnySoak => {
        const scaled = (seconds: number): number => (seconds / 30) * step;
        const at = ({ t, checks }: Look): Look => ({ t: deployAt + scaled(((t - deployAt) / soak.step) * 30), checks });
        const { min, max, duration, ...rest } = soak.soak;
        const times = { min: scaled(min), max: scaled(max), duration: duration === undefined ? undefined : scaled(duration) };
        return { soak: { ...soak, step, soak: { ...rest, ...times } }, history: history.map(at), looks: looks.map(at), options: { margin, bar } };
      };
      const figures = (any: AnySoak): string => JSON.stringify(verdictsOf(any).map(({ decision, cause, logE, checks }) =>
        ({ decision, cause, logE, checks: checks.map((check) => ({ ...check, explanation: '' })) })));
      expect(figures(every(1))).toBe(figures(every(30)));
    }), { numRuns: 30 });
  });
});
