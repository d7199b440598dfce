import { z } from 'zod';
import type { SelfTest } from '../../activities/ports/metric-source.js';
import type { Sample } from '../judge/sample.js';
import type { Check } from '../rollout/schema/check.js';
import type { AskSamples } from './webhook-samples.js';

/** How far back the test looks for traffic. */
const windowMs = 5 * 60_000;

const TestsAnswer = z.object({
  tests: z.record(z.string(), z.object({ outcome: z.enum(['works', 'untested', 'broken']), saw: z.string().default('') })),
});

/** How a service says that it does not know an action. */
const unknownAction = new Set([400, 404, 405, 422, 501]);

interface Asking {
  askSamples: AskSamples;
  nowMs: number;
  say(words: string): string;
}

/**
 * What the service says of its own checks, and for those that it says nothing of: each is asked as it stands, and each ratio a second time with
 * everything as bad, which must come back as bad.
 */
export async function testedBy(checks: Check[], reply: { answer?: unknown; fault?: string | undefined; status?: number | undefined }, asking: Asking): Promise<SelfTest[]> {
  const { fault, status } = reply;
  if (fault !== undefined && (status === undefined || !unknownAction.has(status))) return unreachable(checks, fault);
  const parsed = TestsAnswer.safeParse(reply.answer);
  const told = new Map(parsed.success ? Object.entries(parsed.data.tests) : []);
  const asked = checks.filter(({ name }) => !told.has(name));
  const ours = new Map((asked.length === 0 ? [] : await testByAsking(asked, asking)).map((test) => [test.check, test]));
  return checks.map(({ name }) => {
    const said = told.get(name);
    return said === undefined ? ours.get(name)! : { check: name, outcome: said.outcome, saw: `the service says: ${asking.say(said.saw) || said.outcome}` };
  });
}

const unreachable = (checks: Check[], saw: string): SelfTest[] => checks.map(({ name }) => ({ check: name, outcome: 'unreachable', saw }));

async function testByAsking(checks: Check[], { askSamples, nowMs }: Asking): Promise<SelfTest[]> {
  const fromMs = nowMs - windowMs;
  const asItStands = await askSamples(checks.map((check) => ({ check, fromMs })), nowMs);
  if (asItStands.fault !== undefined) return unreachable(checks, asItStands.fault);
  const ratios = checks.flatMap((check) => (check.kind === 'ratio' ? [{ ...check, bad: check.total }] : []));
  const allBad = ratios.length === 0 ? { samples: {} } : await askSamples(ratios.map((check) => ({ check, fromMs })), nowMs);
  if (allBad.fault !== undefined) return unreachable(checks, allBad.fault);
  return checks.map((check): SelfTest => {
    const first = outcomeOf(asItStands.samples[check.name]!);
    return { check: check.name, ...(first.outcome === 'works' && check.kind === 'ratio' ? whenAllIsBad(check.total, allBad.samples[check.name]!) : first) };
  });
}

type Outcome = Pick<SelfTest, 'outcome' | 'saw'>;

function outcomeOf(sample: Sample): Outcome {
  switch (sample.kind) {
    case 'error':
      return { outcome: 'broken', saw: sample.reason };
    case 'no-data':
      return { outcome: 'untested', saw: sample.reason };
    case 'ratio':
      return sample.total === 0 ? { outcome: 'untested', saw: 'there was no request in the last 5 minutes' } : { outcome: 'works', saw: `${sample.total} requests` };
    case 'value':
      return { outcome: 'works', saw: `the value is ${sample.value}` };
    case 'histogram':
      return sample.buckets['+Inf'] === 0 ? { outcome: 'untested', saw: 'there was no request in the last 5 minutes' } : { outcome: 'works', saw: `${sample.buckets['+Inf']} requests` };
  }
}

/** Everything is bad, so everything must come back as bad; what came meanwhile may be missing. */
const smallestShare = 0.9;

function whenAllIsBad(total: string, sample: Sample): Outcome {
  if (sample.kind !== 'ratio' || sample.total === 0) return outcomeOf(sample);
  const saw = `asked with everything as bad (${total}), ${sample.bad} of ${sample.total} requests came back as bad`;
  return { outcome: sample.bad >= smallestShare * sample.total ? 'works' : 'broken', saw };
}
