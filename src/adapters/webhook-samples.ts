import { z } from 'zod';
import type { History } from '../../activities/ports/metric-source.js';
import type { Sample } from '../judge/sample.js';
import type { Check, HistogramCheck, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { silent, whyNoNumber } from './metric-samples.js';

// What a service of the user's answers, read strictly: a number is a number, and whatever else it sends is a sample that says so.

/** More edges are no histogram that anybody reads, and each look keeps all of them. */
const edgesLimit = 200;

/** A check, and since when it is asked for. */
export interface Question {
  check: Check;
  /** Ms since the epoch; undefined at a first look, which only a value can answer. */
  fromMs: number | undefined;
}

/** Asks a service for samples up to now; a fault is that of the service as a whole. */
export type AskSamples = (questions: Question[], nowMs: number) => Promise<{ samples: Record<string, Sample>; fault?: undefined } | { fault: string }>;

/** Answers of `samples`: one of the two for each check. Keys that we do not know are the service's own business. */
const SamplesAnswer = z
  .object({ samples: z.record(z.string(), z.unknown()).nullish(), errors: z.record(z.string(), z.string()).nullish() })
  .refine(({ samples, errors }) => (samples ?? errors ?? null) !== null);

/** One sample for each check; undefined when the answer is none to `samples`. `say` makes the service's own words fit to be shown. */
export function samplesOf(checks: Check[], answer: unknown, say: (words: string) => string): Record<string, Sample> | undefined {
  const parsed = SamplesAnswer.safeParse(answer);
  if (!parsed.success) return undefined;
  const { samples, errors } = parsed.data;
  return Object.fromEntries(checks.map((check) => {
    const { name } = check;
    if (errors && Object.hasOwn(errors, name)) return [name, silent('error', queryOf(check), `the service says: ${say(errors[name]!) || 'nothing'}`)];
    if (samples && Object.hasOwn(samples, name)) return [name, sampleOf(check, samples[name])];
    return [name, silent('error', queryOf(check), `the answer leaves ${name} out: answer null where there is no data`)];
  }));
}

const HistoryAnswer = z.object({ history: z.record(z.string(), z.array(z.object({ at: z.iso.datetime({ offset: true }) }).loose())) });

/** By check name, oldest first. What is no data, not understood or outside of the range is left out. */
export function historyOf(checks: Check[], answer: unknown, { fromMs, toMs }: { fromMs: number; toMs: number }): Record<string, History> {
  const parsed = HistoryAnswer.safeParse(answer);
  return Object.fromEntries(checks.map((check) => {
    const steps = parsed.success && Object.hasOwn(parsed.data.history, check.name) ? parsed.data.history[check.name]! : [];
    const byTime = new Map(steps.map((step) => [Date.parse(step.at), sampleOf(check, step)]));
    return [check.name, [...byTime]
      .filter(([atMs, { kind }]) => atMs > fromMs && atMs <= toMs && kind === check.kind)
      .map(([atMs, sample]) => ({ atMs, sample }))
      .toSorted((a, b) => a.atMs - b.atMs)];
  }));
}

/** The query that stands for a check in messages. */
export const queryOf = (check: Check): string =>
  (check.kind === 'ratio' ? check.total : check.kind === 'value' ? check.query : check.buckets);

function sampleOf(check: Check, given: unknown): Sample {
  if (given === null) return silent('no-data', queryOf(check), 'the service has no data');
  switch (check.kind) {
    case 'ratio':
      return ratioOf(check, given);
    case 'value':
      return valueOf(check, given);
    case 'histogram':
      return histogramOf(check, given);
  }
}

function ratioOf(check: RatioCheck, given: unknown): Sample {
  if (!isObject(given) || !('bad' in given) || !('total' in given)) return unlike(check, given, '{ bad, total }');
  const total = increaseIn(check.total, 'total', given.total);
  if (typeof total === 'object') return total;
  const bad = increaseIn(check.bad, 'bad', given.bad);
  if (typeof bad === 'object') return bad;
  return bad <= total ? { kind: 'ratio', bad, total } : silent('error', check.bad, `bad is ${bad} and total ${total}: more is bad than there is`);
}

function valueOf(check: ValueCheck, given: unknown): Sample {
  if (!isObject(given) || !('value' in given)) return unlike(check, given, '{ value }');
  const value = numberIn(check.query, 'value', given.value);
  return typeof value === 'object' ? value : { kind: 'value', value };
}

function histogramOf(check: HistogramCheck, given: unknown): Sample {
  if (!isObject(given) || !isObject(given.buckets)) return unlike(check, given, '{ buckets: { "0.1": …, "+Inf": … } }');
  const query = check.buckets;
  const edges = Object.keys(given.buckets).map((key) => ({ key, edge: edgeOf(key) })).toSorted((a, b) => a.edge - b.edge);
  const fault = edgeFault(edges);
  if (fault !== undefined) return silent('error', query, fault);
  const buckets: Record<string, number> = {};
  let below = 0;
  for (const { key, edge } of edges) {
    const count = increaseIn(query, `the bucket ${key}`, given.buckets[key]);
    if (typeof count === 'object') return count;
    if (count < below) return silent('error', query, `the bucket ${key} holds ${count}, fewer than the one below it: buckets are cumulative`);
    below = count;
    // One spelling for an edge, so that regions can be compared.
    buckets[edge === Infinity ? '+Inf' : String(edge)] = count;
  }
  return { kind: 'histogram', buckets };
}

/** NaN for what is no number. */
const edgeOf = (key: string): number => (/^\+?inf(inity)?$/i.test(key) ? Infinity : key.trim() === '' ? NaN : Number(key));

function edgeFault(edges: { key: string; edge: number }[]): string | undefined {
  if (edges.length > edgesLimit) return `${edges.length} buckets came back, more than ${edgesLimit}`;
  const strange = edges.find(({ edge }) => Number.isNaN(edge) || edge === -Infinity);
  if (strange !== undefined) return `${shown(strange.key)} is no upper edge of a bucket: write a number or +Inf`;
  const twice = edges.find(({ edge }, index) => edge === edges[index + 1]?.edge);
  if (twice !== undefined) return `the edge ${twice.key} stands there twice`;
  if (edges.at(-1)?.edge !== Infinity) return 'the bucket +Inf is missing, which holds everything';
  return edges.length < 2 ? 'there is only the bucket +Inf: one edge more tells something' : undefined;
}

/** The gain of a counter, or the sample that says why it is none. */
function increaseIn(query: string, name: string, given: unknown): number | Sample {
  const value = numberIn(query, name, given);
  return typeof value === 'number' && value < 0 ? silent('error', query, `${name} is ${value}: a counter never gains less than nothing`) : value;
}

function numberIn(query: string, name: string, given: unknown): number | Sample {
  // JSON has no NaN: most libraries write null in its place.
  if (given === null) return silent('no-data', query, `${name} is null`);
  if (typeof given !== 'number') return silent('error', query, `${name} is ${shown(given)} where a number should be`);
  const reason = whyNoNumber(given, undefined, 0);
  return reason === undefined ? given : silent('no-data', query, `${name}: ${reason}`);
}

const unlike = (check: Check, given: unknown, wanted: string): Sample =>
  silent('error', queryOf(check), `${shown(given)} came back where ${wanted} should`);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const longest = 60;

function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? 'nothing').replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
