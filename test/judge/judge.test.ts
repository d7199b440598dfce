import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SoakEvidence } from '../../src/judge/evidence.js';
import { judge, noEvidence, observe, overall } from '../../src/judge/judge.js';
import type { Sample } from '../../src/judge/sample.js';
import type { Check, RatioCheck, ValueCheck } from '../../src/rollout/schema/check.js';
import type { CheckResult, Verdict } from '../../src/rollout/schema/rollout.js';

const errors: RatioCheck = { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 };
const memory: ValueCheck = { name: 'memory', kind: 'value', query: 'memory', max: 0.9 };
const rules = { minSamples: 100, intervalMs: 10_000 };
const start = Date.UTC(2026, 10, 21);

const ratio = (bad: number, total: number): Sample => ({ kind: 'ratio', bad, total });
const value = (number: number): Sample => ({ kind: 'value', value: number });
const empty: Sample = { kind: 'no-data', reason: 'bad is empty' };
const refused: Sample = { kind: 'error', reason: 'connection refused' };

/** Looks at one check every interval, and gives the evidence and the time of the last look. */
function watch(check: Check, samples: Sample[]): { evidence: SoakEvidence; now: number } {
  let evidence = noEvidence();
  let now = start;
  for (const sample of samples) {
    now += rules.intervalMs;
    evidence = observe(evidence, [check], { [check.name]: sample }, now);
  }
  return { evidence, now };
}

function judged(check: Check, samples: Sample[]): CheckResult {
  const { evidence, now } = watch(check, samples);
  return judge(evidence, [check], rules, now)[0]!;
}

const verdicts = (check: Check, samples: Sample[]): Verdict[] => samples.map((_, index) => judged(check, samples.slice(0, index + 1)).verdict);

describe('a ratio', () => {
  it('passes when the share of bad is at its limit or below, and says so with numbers', () => {
    expect(judged(errors, [ratio(1, 200), ratio(1, 212)])).toEqual({
      name: 'errors', kind: 'ratio', verdict: 'pass', observed: 2 / 412, limit: 0.01, evidence: 412,
      explanation: 'errors: 0.49 % of 412 requests were bad, limit 1 %',
    });
    expect(judged(errors, [ratio(1, 100)]).verdict).toBe('pass');
    expect(judged({ ...errors, objective: 0.9 }, [ratio(10, 100)]).verdict).toBe('pass');
  });

  it('fails above its limit', () => {
    expect(judged(errors, [ratio(4, 200), ratio(12, 212)])).toMatchObject({
      verdict: 'fail', explanation: 'errors: 3.9 % of 412 requests were bad, limit 1 %',
    });
  });

  it('is no data until enough requests were seen, however bad they are', () => {
    expect(judged(errors, [ratio(30, 40), ratio(20, 21)])).toMatchObject({
      verdict: 'no-data', evidence: 61, explanation: 'errors: 61 of 100 requests seen, 50 bad',
    });
  });

  it('tells share and limit apart when both would be rounded to the same number', () => {
    expect(judged(errors, [ratio(10_004, 1_000_000)]).explanation).toBe('errors: 1.0004 % of 1,000,000 requests were bad, limit 1 %');
  });

  it('counts an interval without requests as a look, not as evidence', () => {
    expect(judged(errors, [ratio(0, 0)])).toMatchObject({ verdict: 'no-data', observed: null, explanation: 'errors: 0 of 100 requests seen, 0 bad' });
    expect(judged(errors, [ratio(0, 150), ratio(0, 0)]).verdict).toBe('pass');
  });

  it('never passes when the counter stays below the samples that it needs', () => {
    const trickle = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 33 });
    fc.assert(fc.property(trickle, (increments) => {
      const samples = increments.map(([bad, good]) => ratio(bad, bad + good)).filter((_, index, all) => sum(all.slice(0, index + 1)) < rules.minSamples);
      expect(verdicts(errors, samples)).not.toContain('pass');
      expect(verdicts(errors, samples)).not.toContain('fail');
    }));
  });

  it('comes to the same end in whatever order its increments arrive', () => {
    const increments = fc.array(fc.tuple(fc.nat(1_000), fc.nat(100_000)).map(([bad, good]) => ratio(bad, bad + good)), { minLength: 1 });
    const twice = increments.chain((samples) => fc.tuple(fc.constant(samples), fc.shuffledSubarray(samples, { minLength: samples.length })));
    fc.assert(fc.property(twice, ([samples, shuffled]) => {
      expect(judged(errors, shuffled)).toEqual(judged(errors, samples));
    }));
  });
});

const sum = (samples: Sample[]): number => samples.reduce((total, sample) => total + (sample.kind === 'ratio' ? sample.total : 0), 0);

describe('a value', () => {
  it('passes when three looks were inside, and not before', () => {
    expect(verdicts(memory, [value(0.5), value(0.6), value(0.62)])).toEqual(['no-data', 'no-data', 'pass']);
    expect(judged(memory, [value(0.5), value(0.6)]).explanation).toBe('memory: 0.6, at most 0.9: 2 of 3 looks seen');
    expect(judged(memory, [value(0.5), value(0.6), value(0.62)])).toEqual({
      name: 'memory', kind: 'max', verdict: 'pass', observed: 0.62, limit: 0.9, evidence: 3, explanation: 'memory: 0.62, at most 0.9',
    });
  });

  it('fails after three looks in a row outside, and neither passes nor fails before', () => {
    const inside = [value(0.5), value(0.5), value(0.5)];
    expect(verdicts(memory, [...inside, value(0.95), value(0.96), value(0.97)]).slice(3)).toEqual(['no-data', 'no-data', 'fail']);
    expect(judged(memory, [...inside, value(0.95)]).explanation).toBe('memory: 0.95, at most 0.9: outside in 1 look, 3 fail');
    expect(judged(memory, [value(0.95), value(0.96), value(0.97)]).explanation).toBe('memory: 0.97, at most 0.9: outside in 3 looks in a row');
  });

  it('forgives a spike that comes back', () => {
    expect(verdicts(memory, [value(0.5), value(0.5), value(0.95), value(0.95), value(0.5), value(0.95)])).not.toContain('fail');
    expect(judged(memory, [value(0.5), value(0.95), value(0.95), value(0.5)]).verdict).toBe('pass');
  });

  it('counts looks in a row across a look that brought nothing', () => {
    expect(judged(memory, [value(0.95), value(0.95), empty, value(0.95)]).verdict).toBe('fail');
  });

  it('is held against the bound that it breaks', () => {
    const replicas: ValueCheck = { name: 'replicas', kind: 'value', query: 'replicas', min: 2, max: 10 };
    expect(judged(replicas, [value(1), value(1), value(1)])).toMatchObject({ verdict: 'fail', kind: 'min', limit: 2 });
    expect(judged(replicas, [value(11), value(11), value(11)])).toMatchObject({ verdict: 'fail', kind: 'max', limit: 10 });
    expect(judged(replicas, [value(2), value(10), value(5)])).toMatchObject({ verdict: 'pass', kind: 'max', limit: 10 });
    const { max: _unbounded, ...atLeastTwo } = replicas;
    expect(judged(atLeastTwo, [value(3), value(3), value(3)])).toMatchObject({ verdict: 'pass', kind: 'min', limit: 2 });
  });
});

describe('silence', () => {
  const silence = fc.array(fc.oneof(fc.constant(empty), fc.constant(refused)), { minLength: 1 });
  const data = fc.array(fc.oneof(
    fc.tuple(fc.nat(500), fc.nat(500)).map(([bad, good]) => ratio(bad, bad + good)),
    fc.double({ min: -2, max: 2, noNaN: true }).map(value),
  ));

  it('never passes and never fails, whatever was seen before', () => {
    fc.assert(fc.property(fc.constantFrom<Check>(errors, memory), data, silence, (check, before, after) => {
      const result = judged(check, [...before, ...after]);
      expect(result.verdict).toBe(after.at(-1)!.kind);
    }));
  });

  it('adds nothing to the evidence and takes nothing away', () => {
    fc.assert(fc.property(fc.constantFrom<Check>(errors, memory), data, silence, (check, before, after) => {
      const { silence: _dropped, ...loud } = watch(check, before).evidence.checks[check.name] ?? {};
      const { silence: _kept, ...quiet } = watch(check, [...before, ...after]).evidence.checks[check.name]!;
      expect(before.length === 0 ? {} : quiet).toEqual(loud);
    }));
  });

  it('says why, and what was known before', () => {
    expect(judged(errors, [ratio(16, 412), empty])).toMatchObject({
      verdict: 'no-data', observed: 16 / 412, explanation: 'errors: no data (bad is empty); before that 3.9 % of 412 requests were bad, limit 1 %',
    });
    expect(judged(memory, [value(0.95), refused])).toMatchObject({
      verdict: 'error', explanation: 'memory: the metrics could not be read (connection refused); before that 0.95, at most 0.9',
    });
    expect(judged(errors, [refused]).explanation).toBe('errors: the metrics could not be read (connection refused)');
  });

  it('ends with the next look that brings data', () => {
    expect(verdicts(errors, [ratio(0, 200), refused, ratio(0, 5)])).toEqual(['pass', 'error', 'pass']);
  });

  it('is no data before the first look', () => {
    expect(judge(noEvidence(), [errors], rules, start)).toMatchObject([{ verdict: 'no-data', explanation: 'errors: no data (not looked at yet)' }]);
  });

  it('is no data when nobody has looked for more than three intervals, passing or failing', () => {
    for (const sample of [ratio(0, 500), ratio(500, 500)]) {
      const { evidence, now } = watch(errors, [sample]);
      expect(judge(evidence, [errors], rules, now + 30_000)[0]!.verdict).not.toBe('no-data');
      expect(judge(evidence, [errors], rules, now + 31_000)[0]).toMatchObject({
        verdict: 'no-data', explanation: expect.stringContaining('the last data is 31 s old'),
      });
    }
  });

  it('is what a number that is none amounts to', () => {
    expect(judged(memory, [value(0.5), value(0.5), value(Number.NaN)])).toMatchObject({ verdict: 'no-data', explanation: expect.stringContaining('NaN') });
    expect(judged(errors, [ratio(0, 500), ratio(0, Number.POSITIVE_INFINITY)]).verdict).toBe('no-data');
    expect(judged(errors, [ratio(0, 500), ratio(-1, 10)]).verdict).toBe('error');
    expect(judged(errors, [value(1)]).verdict).toBe('error');
  });

  it('is an error when the source leaves a check out', () => {
    const evidence = observe(noEvidence(), [{ ...errors, name: 'constructor' }], {}, start);
    expect(judge(evidence, [{ ...errors, name: 'constructor' }], rules, start)).toMatchObject([{ verdict: 'error' }]);
  });
});

describe('all checks together', () => {
  const result = (verdict: Verdict): CheckResult => ({ ...judged(errors, [ratio(0, 500)]), verdict });

  it('fail before they are an error, are an error before they have no data, and pass only when each passes', () => {
    const order: Verdict[] = ['fail', 'error', 'no-data', 'pass'];
    fc.assert(fc.property(fc.array(fc.constantFrom(...order), { minLength: 1 }), (all) => {
      expect(overall(all.map(result))).toBe(order.find((verdict) => all.includes(verdict)));
    }));
  });

  it('pass when there are none', () => {
    expect(overall([])).toBe('pass');
  });

  it('keep their evidence as plain JSON', () => {
    const { evidence } = watch(errors, [ratio(1, 200), empty]);
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });
});
