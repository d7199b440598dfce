import { z } from 'zod';
import type { MetricSource, SelfTest } from '../../activities/ports/metric-source.js';
import type { Sample } from '../judge/sample.js';
import { durationMs } from '../rollout/duration.js';
import { MeridianFailure } from '../rollout/failure.js';
import type { Check, WebhookMetrics } from '../rollout/schema/check.js';
import { AddressRefused, type AddressRules } from './address-guard.js';
import { RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt } from './excerpt.js';
import { sameForAll, silent } from './metric-samples.js';
import { hostOf, signingSecret, webhookCaller } from './webhook-call.js';
import { historyOf, queryOf, samplesOf, type AskSamples, type Question } from './webhook-samples.js';
import { testedBy } from './webhook-self-test.js';

/** A day of every check fits. */
const maxBytes = 10 * 1_048_576;

/** A longer window says nothing of the release that has just come. */
const longestWindowMs = 86_400_000;

/** The time of the last look that brought data, by check (ms since the epoch): there the next window begins. */
const WebhookCursor = z.record(z.string(), z.number());
type WebhookCursor = z.infer<typeof WebhookCursor>;

/** What came back. `status` is that of an answer other than 200. */
type Reply = { answer: unknown; fault?: undefined } | { fault: string; status?: number };

/**
 * Asks a service of the user's for samples, over HTTP, under the same rules as webhook targets. It is told what each check asks, since when and
 * until when, and gives what was gained meanwhile (ratio, histogram) or is so now (value): docs/metrics.md. `clock` gives ms since the
 * epoch. Throws at once when a rule is not understood.
 */
export function webhookMetrics(rules: AddressRules, clock: () => number = Date.now): (settings: WebhookMetrics, variables: Record<string, string>, secretNames?: string[]) => MetricSource {
  const call = webhookCaller(rules, maxBytes);
  return (settings, variables, secretNames = []) => {
    const secret = signingSecret(settings.secret, variables, 'this place');
    const say = (words: string): string => excerpt(words, { variables, secretNames: [...secretNames, ...(settings.secret === undefined ? [] : [settings.secret])] }, 200);

    const ask = async (question: object, signal: AbortSignal): Promise<Reply> => {
      try {
        const host = hostOf(settings.url);
        return replyOf(host, await call({ url: settings.url, body: JSON.stringify(question), secret, timeoutMs: durationMs(settings.timeout), signal }));
      } catch (error) {
        return { fault: whyNot(error, settings) };
      }
    };

    const askSamples = (signal: AbortSignal): AskSamples => async (questions, nowMs) => {
      const reply = await ask({ action: 'samples', checks: questions.map(asSent), to: isoTime(nowMs) }, signal);
      if (reply.fault !== undefined) return { fault: reply.fault };
      const samples = samplesOf(questions.map(({ check }) => check), reply.answer, say);
      return samples === undefined ? { fault: `${hostOf(settings.url)} gave an answer without samples: answer { "samples": { … } }` } : { samples };
    };

    return {
      look: (checks, cursor, signal) => look(checks, WebhookCursor.catch({}).parse(cursor ?? {}), askSamples(signal), clock()),

      async history(checks, range, signal) {
        const { fromMs, toMs, stepMs } = range;
        const reply = await ask({
          action: 'history', checks: checks.map((check) => asSent({ check })), from: isoTime(fromMs), to: isoTime(toMs), step: stepMs / 1_000,
        }, signal);
        return historyOf(checks, reply.fault === undefined ? reply.answer : undefined, range);
      },

      async selfTest(checks, signal): Promise<SelfTest[]> {
        const reply = await ask({ action: 'self-test', checks: checks.map((check) => asSent({ check })) }, signal);
        return testedBy(checks, reply, { askSamples: askSamples(signal), nowMs: clock(), say });
      },
    };
  };
}

async function look(checks: Check[], marks: WebhookCursor, askSamples: AskSamples, nowMs: number) {
  const questions = checks.map((check) => ({ check, fromMs: sinceIn(marks, check.name, nowMs) }));
  const counting = questions.filter(({ check, fromMs }) => check.kind === 'value' || fromMs !== undefined);
  const reply = counting.length === 0 ? { samples: {} } : await askSamples(counting, nowMs);
  const asked = reply.fault === undefined ? reply.samples : sameForAll(counting.map(({ check }) => check), { kind: 'error', reason: reply.fault });
  const samples = Object.fromEntries(checks.map((check) => [check.name, Object.hasOwn(asked, check.name) ? asked[check.name]! : firstLook(check)]));
  // A window that brought nothing is asked for again as part of the next one.
  const cursor = Object.fromEntries(questions.map(({ check, fromMs }) => [check.name, samples[check.name]!.kind === check.kind ? nowMs : fromMs ?? nowMs]));
  return { samples, cursor };
}

const firstLook = (check: Check): Sample => silent('no-data', queryOf(check), 'first look, counting starts now');

/** Undefined before the first look, and when the clock went back. */
function sinceIn(marks: WebhookCursor, name: string, nowMs: number): number | undefined {
  const mark = Object.hasOwn(marks, name) ? marks[name] : undefined;
  return mark === undefined || mark >= nowMs ? undefined : Math.max(mark, nowMs - longestWindowMs);
}

/** Only what it asks: how it is judged is ours. */
function asSent({ check, fromMs }: Pick<Question, 'check'> & Partial<Question>): object {
  const { name, kind } = check;
  const from = fromMs === undefined ? {} : { from: isoTime(fromMs) };
  switch (check.kind) {
    case 'ratio':
      return { name, kind, bad: check.bad, total: check.total, ...from };
    case 'value':
      return { name, kind, query: check.query, ...from };
    case 'histogram':
      return { name, kind, buckets: check.buckets, ...from };
  }
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

function replyOf(host: string, { status, contentType, text }: BoundedReply): Reply {
  if (status >= 300 && status < 400) return { status, fault: `${host} answered ${status}, a redirect: redirects are not followed` };
  // Without its body: it may repeat the URL, which may hold a secret.
  if (status !== 200) return { status, fault: `${host} answered ${status}` };
  try {
    return { answer: JSON.parse(text) as unknown };
  } catch {
    return { fault: `${host} answered ${contentType || 'something'} that is not JSON` };
  }
}

/** What keeps the question from being asked or answered; anything else is not for a sample to explain. */
function whyNot(error: unknown, { url }: WebhookMetrics): string {
  if (error instanceof MeridianFailure) return error.message;
  if (error instanceof AddressRefused) return `${hostOf(url)}: ${error.message}`;
  if (error instanceof RequestFailed) return `${hostOf(url)} cannot be asked: ${error.message}`;
  throw error;
}
