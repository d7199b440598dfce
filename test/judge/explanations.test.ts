import { describe, expect, it } from 'vitest';
import type { CheckJudge } from '../../src/judge/check-judge.js';
import { explainCheck } from '../../src/judge/explain/check.js';
import { explainSoak, type ExplainedSoak } from '../../src/judge/explain/soak.js';
import { count, figure, listed, odds, percent, time } from '../../src/judge/explain/words.js';
import type { CheckVerdict } from '../../src/judge/verdict.js';
import { watched, ratioCheck } from './decisions/scene.js';
import { alone, empty, errors, refused, usual } from './looks.js';

/** What a check says of itself; of these figures only. */
const said = (check: object, verdict: CheckVerdict['verdict'] = 'inconclusive', logE = 0): string => {
  const whole = {
    settings: { check: { name: 'errors', kind: 'ratio' }, minSamples: 0 }, reference: 'controls', isLearned: true, handicap: 0, budget: null, excluded: undefined,
    effect: { effect: 0, low: -0.1, high: 0.1, isOpen: { low: false, high: false }, since: 0 }, silence: { reason: '' }, sick: () => [], ...check,
    figures: { looks: 20, requests: 1_000, beyond: 0, attributable: 0, controls: ['virginia', 'frankfurt'], observed: null, burn: null, replays: [], past: 14_400, ...('figures' in check ? check.figures as object : {}) },
  };
  return explainCheck({ t: 0, check: whole as unknown as CheckJudge, verdict, logE });
};

describe('the line of a check', () => {
  it('says what got worse, how much, against whom and since when, and how sure that is', () => {
    expect(said({
      effect: { effect: Math.log(2.3), low: Math.log(1.7), high: Math.log(3.1), isOpen: { low: false, high: false }, since: 300 }, budget: 0.001,
      figures: { observed: 0.0012, burn: 1.2, requests: 12_345, replays: Array.from({ length: 96 }, () => 0.5), past: 86_400 },
    }, 'fail', Math.log(3_400))).toBe(
      'errors ×2.3 (95 %: 1.7–3.1) against virginia and frankfurt since 5 min after the deploy; 0.12 % of 12,345 requests, burning 1.2× the budget (0.1 %); '
      + '0 of 96 replays of the last 24 h looked this bad; evidence 3400 : 1; controls unchanged',
    );
  });

  it('says what is excluded of a good release', () => {
    expect(said({ excluded: Math.log(1.4), budget: 0.001, figures: { observed: 0.0004, burn: 0.4, requests: 8_000 } }, 'pass', -Math.log(25))).toBe(
      'errors ×1 (95 %: 0.9–1.1) against virginia and frankfurt since the deploy; 0.04 % of 8,000 requests, within budget (0.1 %); evidence 1 : 25; ×1.4 and more is excluded; controls unchanged',
    );
  });

  it('says why there is nothing to say', () => {
    expect(said({ silence: { reason: 'connection refused' } }, 'error')).toBe('errors: the metrics cannot be read (connection refused)');
    expect(said({ silence: { reason: 'errors is empty' } }, 'no-data')).toBe('errors: no data (errors is empty)');
    expect(said({ silence: { reason: '' } }, 'no-data')).toBe('errors: no data');
    expect(said({ figures: { looks: 0 } })).toMatch(/^errors has not been seen yet; /);
    expect(said({ reference: 'none' })).toMatch(/^errors has nothing to be compared with; /);
    expect(said({ effect: undefined })).toMatch(/^errors has no control that reports; /);
    expect(said({ effect: undefined, reference: 'past' })).toMatch(/^errors cannot be compared yet; /);
  });

  it('names its own past, silent controls, sick ones, and standard noise', () => {
    expect(said({ reference: 'past' })).toMatch(/ against its own past since the deploy/);
    expect(said({ figures: { controls: [] } })).toMatch(/ against controls that are silent now /);
    expect(said({ sick: () => ['rome'] })).toMatch(/; rome got worse by itself$/);
    expect(said({ sick: () => ['rome', 'oslo'] })).toMatch(/; rome and oslo got worse by themselves$/);
    expect(said({ isLearned: false, figures: { past: 600 } })).toMatch(/, with standard noise \(10 min of history\); /);
  });

  it('says of a value where it stands, and how often it was beyond its limit', () => {
    const memory = (limits: object, figures: object) => said({ settings: { check: { name: 'memory', kind: 'value', ...limits }, minSamples: 0 }, figures });
    expect(memory({ max: 0.9 }, { observed: 0.621 })).toMatch(/; 0.621 now, at most 0.9; /);
    expect(memory({ max: 0.9 }, { observed: 0.95, beyond: 2 })).toMatch(/; 0.95 now, at most 0.9: beyond it in 2 looks in a row; /);
    expect(memory({ min: 10 }, { observed: 9, beyond: 1 })).toMatch(/; 9 now, at least 10: beyond it in 1 look; /);
    expect(memory({}, { observed: 1_234.5 })).toMatch(/; 1235 now; /);
  });

  it('says how many requests are still missing', () => {
    expect(said({ settings: { check: { name: 'errors', kind: 'ratio' }, minSamples: 5_000 } })).toMatch(/; 1,000 of 5,000 requests seen$/);
  });
});

describe('the line of a soak', () => {
  const check = (name: string, verdict: CheckVerdict['verdict'], logE = 0): CheckVerdict =>
    ({ name, kind: 'ratio', verdict, observed: null, limit: null, evidence: 0, logE, effect: null, interval: null, excluded: null, attributable: 0, controls: [], explanation: `${name} is ${verdict}` });
  const line = (decided: ExplainedSoak['decided'], checks: CheckVerdict[] = []): string =>
    explainSoak({ t: 0, soak: { deployAt: 0, step: 30, checks: [], soak: { min: 600, max: 3_600, duration: 1_200 } }, decided, checks, credited: 300, sick: ['rome', 'oslo'], isExcluded: true });

  it('tells what is decided, and the checks that decide it', () => {
    const both = [check('errors', 'fail', 9), check('latency', 'inconclusive', 1)];
    const open = [check('errors', 'pass', 0), check('latency', 'inconclusive', 1)];
    expect(line({ decision: 'fail', cause: 'evidence' }, both)).toBe('failed, because something got worse: errors is fail');
    expect(line({ decision: 'fail', cause: 'catastrophe' }, both)).toBe('failed at once, too bad for any warm-up: errors is fail');
    expect(line({ decision: 'fail', cause: 'limit' }, both)).toBe('failed, beyond a hard limit: errors is fail');
    expect(line({ decision: 'hold', cause: 'evidence' }, both)).toMatch(/^held, because there is evidence that something got worse: errors is fail$/);
    expect(line({ decision: 'extend', needs: 240 }, open)).toMatch(/^extended by about 4 min, .*: latency is inconclusive$/);
    expect(line({ decision: 'continue' }, both)).toBe('5 min of 20 min credited: errors is fail | latency is inconclusive');
    expect(line({ decision: 'pass' }, [check('errors', 'pass')])).toBe('passed, no regression that matters: errors is pass');
    expect(line({ decision: 'no-data' }, [check('errors', 'pass'), check('latency', 'no-data')])).toBe('held for want of data: latency is no-data');
    expect(line({ decision: 'no-data', cause: 'error' }, [check('latency', 'error')])).toBe('held, because the metrics cannot be read: latency is error');
    expect(line({ decision: 'hold', cause: 'global-incident' })).toMatch(/a person should look \(rome and oslo\)/);
  });

  it('is one line with numbers and names, whatever happens', () => {
    const budgeted = { ...ratioCheck, objective: 0.999 };
    for (const verdicts of [
      watched({ checks: [budgeted] }, 40, usual), watched({ checks: [budgeted] }, 12, () => errors(30)), watched({}, 12, () => errors(60, 60, 60, 60)),
      watched({ history: 0 }, 45, usual), watched({ past: (index) => alone(4 + ((index * 7) % 5)) }, 12, () => alone(30)),
      watched({}, 12, (index) => ({ region: index % 2 === 0 ? empty : refused, controls: usual(index).controls })), watched({ more: { budgetLeft: 5 } }, 12, () => errors(8)),
    ]) {
      for (const { explanation, checks } of verdicts) {
        expect(explanation).not.toMatch(/\n|NaN|undefined|Infinity|null/);
        expect(explanation.length).toBeGreaterThan(20);
        expect(checks[0]!.explanation.startsWith('errors')).toBe(true);
      }
    }
    expect(watched({ checks: [budgeted] }, 12, () => errors(30)).at(-1)!.explanation).toMatch(
      /^failed, because something got worse: errors ×\d[\d.]* \(95 %: [\d.]+–[\d.]+\) against rome, oslo and lima since the deploy; 0\.5 % of 72,000 requests, burning 5× the budget \(0\.1 %\); 0 of \d+ replays of the last 4 h looked this bad; evidence .+ : 1/,
    );
  });
});

describe('numbers, as a person reads them', () => {
  it('keep two digits, and all before the point', () => {
    expect([2.3456, 0.0123, 0.951, 123.4, 98_765.4, 1, 0, -2.55].map((each) => figure(each))).toEqual(['2.3', '0.012', '0.95', '123', '98,765', '1', '0', '-2.5']);
  });

  it('are counts, shares, odds and times', () => {
    expect([count(1_204), count(999), count(1_234_567.6)]).toEqual(['1,204', '999', '1,234,568']);
    expect([percent(0.0012), percent(1), percent(0)]).toEqual(['0.12 %', '100 %', '0 %']);
    expect([odds(Math.log(3_400)), odds(-Math.log(25)), odds(0), odds(50), odds(-50)]).toEqual(['3400 : 1', '1 : 25', '1 : 1', 'more than a billion : 1', '1 : more than a billion']);
    expect([time(90), time(120), time(1_800), time(7_199), time(12_600), time(0)]).toEqual(['90 s', '2 min', '30 min', '120 min', '3.5 h', '0 s']);
    expect([listed([]), listed(['sydney']), listed(['sydney', 'rome']), listed(['sydney', 'rome', 'oslo'])]).toEqual(['', 'sydney', 'sydney and rome', 'sydney, rome and oslo']);
  });
});
