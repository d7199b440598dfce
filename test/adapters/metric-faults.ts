import type http from 'node:http';
import { expect } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import type { Sample } from '../../src/judge/sample.js';
import { openJudge, restoreJudge, type JudgeState, type SoakJudge } from '../../src/judge/soak-judge.js';
import type { CheckVerdict, SoakVerdict } from '../../src/judge/verdict.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { pour, type Received } from './http-server.js';

export const never = new AbortController().signal;

type Answer = (request: Received, response: http.ServerResponse) => void;

/** Long enough for a busy machine, and short enough to wait for in a test. */
export const patience = '30s';
const impatience = '300ms';

/** Every way in which a source as a whole fails: row D1 of the faults. Each with what the reason must say, and how long to wait for it. */
export const brokenAnswers: [name: string, says: RegExp, timeout: string, answer: Answer][] = [
  ['500', /answered 500/, patience, (_, response) => response.writeHead(500).end('boom')],
  ['503 with a page', /answered 503/, patience, (_, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>')],
  ['404', /answered 404/, patience, (_, response) => response.writeHead(404).end()],
  ['a redirect', /answered 302/, patience, (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['a login page', /answered text\/html/, patience, (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><form>')],
  ['silence', /no complete answer within 300ms/, impatience, () => {}],
  ['half an answer', /no complete answer within 300ms/, impatience, (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('a 1\n')],
  ['a closed connection', /closed before the answer was complete/, patience, (_, response) => response.destroy()],
  ['50 MB', /longer than \d+ MB/, patience, (_, response) => pour(response, 50, '# nothing to see here, and a lot of it\n')],
  ['bytes that are no text', /not text in UTF-8/, patience, (_, response) => response.writeHead(200).end(Buffer.from([0x61, 0xff, 0xfe, 0x0a]))],
  ['something that is not HTTP', /not HTTP/, patience, (_, response) => void response.socket!.end('220 smtp.example.com\r\n')],
];

/** One look every so many seconds; the grace of the judge is six of them. */
const step = 10;

interface Seen {
  sample: Sample;
  verdict: SoakVerdict;
  result: CheckVerdict;
}

/** A soak of one check beside a region that does not change: looks at the source and judges after each look, as the watch does. */
export class TestSoak {
  private readonly judge: SoakJudge;
  private cursor: unknown;
  private t = deployAt;

  constructor(private readonly source: MetricSource, private readonly check: Check, private readonly control: Sample = controlOf[check.kind]) {
    this.judge = restoreJudge(structuredClone(stateFor(check)));
  }

  async look(source: MetricSource = this.source): Promise<Seen> {
    const { samples, cursor } = await source.look([this.check], this.cursor, never);
    // The cursor goes through the heartbeat of an activity.
    this.cursor = JSON.parse(JSON.stringify(cursor));
    return this.see(samples[this.check.name]!);
  }

  /** The judge is told of a sample, without a look. */
  see(sample: Sample): Seen {
    this.t += step;
    const verdict = this.judge.observe({ t: this.t, checks: { [this.check.name]: { region: sample, controls: { virginia: this.control } } } });
    return { sample, verdict, result: verdict.checks[0]! };
  }
}

const deployAt = Date.UTC(2026, 10, 21) / 1_000;

/** As long as the judge needs to learn the noise. */
const looksOfThePast = 480;

const learned = new Map<string, JudgeState>();

/** A judge of a check whose region and control have been the same for long, learned once. */
function stateFor(check: Check): JudgeState {
  const key = JSON.stringify(check);
  const state = learned.get(key) ?? learnedFrom(check).save();
  learned.set(key, state);
  return state;
}

function learnedFrom(check: Check): SoakJudge {
  const { name, kind } = check;
  const usual = controlOf[kind];
  return openJudge(
    {
      deployAt,
      step,
      checks: [{
        name, kind, margin: 3,
        ...(check.kind === 'ratio' && { objective: check.objective }),
        ...(check.kind === 'value' && { max: check.max, min: check.min }),
      }],
      soak: { min: 12 * step, max: 1_000 * step, minSamples: 100 },
    },
    Array.from({ length: looksOfThePast }, (_, look) =>
      ({ t: deployAt - (looksOfThePast - look) * step, checks: { [name]: { region: usual, controls: { virginia: usual } } } })),
  );
}

/** What a region that does not change shows at every look, and so does a good release; and a bad one. */
const controlOf: Record<Check['kind'], Sample> = {
  ratio: { kind: 'ratio', bad: 20, total: 20_000 },
  value: { kind: 'value', value: 0.5 },
  histogram: { kind: 'histogram', buckets: { 0.1: 8_000, 1: 9_900, '+Inf': 10_000 } },
};
const badOf: Record<Check['kind'], Sample> = {
  ratio: { kind: 'ratio', bad: 2_000, total: 20_000 },
  value: { kind: 'value', value: 0.99 },
  histogram: { kind: 'histogram', buckets: { 0.1: 500, 1: 5_000, '+Inf': 10_000 } },
};

/** A soak of one kind of check that saw the same so many times. */
function soakOf(check: Check, sample: Sample, looks: number): TestSoak {
  const soak = new TestSoak(neverAsked, check);
  for (let look = 0; look < looks; look++) soak.see(sample);
  return soak;
}

const neverAsked: MetricSource = {
  look: async () => { throw new Error('nobody asks'); }, history: async () => ({}), selfTest: async () => [],
};

const known = new Map<string, number>();

/** How many of the same looks it takes to be decided so. */
function looksUntil(check: Check, sample: Sample, decision: 'pass' | 'fail'): number {
  const question = JSON.stringify([check, decision]);
  const looks = known.get(question) ?? countLooks(check, sample, decision);
  known.set(question, looks);
  return looks;
}

function countLooks(check: Check, sample: Sample, decision: 'pass' | 'fail'): number {
  const soak = soakOf(check, sample, 0);
  for (let looks = 1; looks <= 60; looks++) {
    if (soak.see(sample).verdict.decision === decision) return looks;
  }
  throw new Error(`60 looks at ${JSON.stringify(sample)} do not ${decision}`);
}

/** Soaks that are about to pass, that pass, and that are about to be rolled back. */
function* soaksOf(check: Check): Generator<TestSoak> {
  const [good, bad] = [controlOf[check.kind], badOf[check.kind]];
  const looks = looksUntil(check, good, 'pass');
  yield soakOf(check, good, looks - 1);
  yield soakOf(check, good, looks);
  yield soakOf(check, bad, looksUntil(check, bad, 'fail') - 1);
}

/** A source that a check was asked of once, and where it stands since then; from now on it fails. */
interface Failing {
  check: Check;
  source: MetricSource;
  cursor: unknown;
}

/**
 * A source that fails when one more look would have let the region through, or would have rolled it back: it does neither from then on, and
 * after a while it is no data. What it says names what was asked and what came back.
 */
export async function expectNeverJudged({ check, source, cursor }: Failing, kind: 'no-data' | 'error', ...says: RegExp[]): Promise<void> {
  const { samples } = await source.look([check], cursor, never);
  const sample = samples[check.name]!;
  expect(sample).toEqual({ kind, reason: expect.any(String) });
  for (const words of says) expect(sample).toMatchObject({ reason: expect.stringMatching(words) });
  for (const soak of soaksOf(check)) {
    const seen = Array.from({ length: 12 }, () => soak.see(sample));
    for (const { verdict, result } of seen) {
      expect(['continue', 'hold', 'no-data']).toContain(verdict.decision);
      expect(result.verdict).toBe(kind);
      for (const words of says) expect(result.explanation).toMatch(words);
    }
    expect(seen.at(-1)!.verdict).toMatchObject({ decision: 'no-data', ...(kind === 'error' && { cause: 'error' }) });
  }
}

/** Runs `work` and fails when the process grew by more than `megabytes` at any time in it. */
export async function staysBelow<T>(megabytes: number, work: () => Promise<T>): Promise<T> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const gauge = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 2);
  try {
    return await work();
  } finally {
    clearInterval(gauge);
    expect((peak - before) / 1_048_576).toBeLessThan(megabytes);
  }
}
