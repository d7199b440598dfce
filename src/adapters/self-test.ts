import type { SelfTest } from '../../activities/ports/metric-source.js';
import type { Check, HistogramCheck, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { isSilence, type Found, type Silence } from './metric-samples.js';
import { NamesUnknown, unseenValues, whyItNeverMatches, type KnownNames } from './never-matches.js';

export interface Asked {
  /** One look at a check, at whatever has been counted so far or lately. */
  ask(check: Check): Promise<Found>;
  isSelector(query: string): boolean;
  names: KnownNames;
}

type Finding = Omit<SelfTest, 'check'>;

/**
 * Sees whether a check can fail: a ratio whose every request is bad must have a share of 1, and its `bad` must be able to match; a value
 * must be a number, and a histogram a distribution.
 */
export async function selfTestOf(check: Check, asked: Asked): Promise<SelfTest> {
  return { check: check.name, ...(await find(check, asked)) };
}

function find(check: Check, asked: Asked): Promise<Finding> {
  switch (check.kind) {
    case 'ratio':
      return testRatio(check, asked);
    case 'value':
      return testValue(check, asked);
    case 'histogram':
      return testHistogram(check, asked);
  }
}

async function testRatio(check: RatioCheck, asked: Asked): Promise<Finding> {
  const allBad = await asked.ask({ ...check, bad: check.total });
  if (isSilence(allBad)) return silence(allBad, check.total, asked);
  const asWritten = await asked.ask(check);
  if (isSilence(asWritten)) return silence(asWritten, check.bad, asked);
  if (allBad.kind !== 'ratio' || allBad.bad !== allBad.total) return { outcome: 'broken', saw: `asked with everything bad, ${check.total} gave ${JSON.stringify(allBad)}` };
  const fault = asked.isSelector(check.bad) ? await faultOf(check.bad, check.total, asked) : undefined;
  if (fault !== undefined) return fault;
  if (allBad.total === 0) return { outcome: 'untested', saw: `${check.total}: nothing was counted lately` };
  const saw = `asked with everything bad, ${round(allBad.bad)} of ${round(allBad.total)} were: that fails the objective ${check.objective}`;
  if (!asked.isSelector(check.bad)) return { outcome: 'works', saw: `${saw}; whether its bad can ever be more than 0 is not tested: it is an expression` };
  return { outcome: 'works', saw: [saw, ...(await unseenValues(check.bad, asked.names))].join('; ') };
}

async function testValue({ query, max, min }: ValueCheck, asked: Asked): Promise<Finding> {
  const found = await asked.ask({ name: 'value', kind: 'value', query });
  if (isSilence(found)) return silence(found, query, asked);
  if (found.kind !== 'value') return { outcome: 'broken', saw: `${query} gave ${JSON.stringify(found)} where a number should be` };
  const { value } = found;
  const beyond = (max !== undefined && value > max) || (min !== undefined && value < min) ? ', which is beyond its limit even now' : '';
  return { outcome: 'works', saw: `${query} is ${value}${beyond}; any max below that, or min above, would fail` };
}

async function testHistogram(check: HistogramCheck, asked: Asked): Promise<Finding> {
  const found = await asked.ask(check);
  if (isSilence(found)) return silence(found, check.buckets, asked);
  if (found.kind !== 'histogram') return { outcome: 'broken', saw: `${check.buckets} gave ${JSON.stringify(found)} where buckets should be` };
  const all = found.buckets['+Inf'] ?? 0;
  if (all === 0) return { outcome: 'untested', saw: `${check.buckets}: nothing was counted lately` };
  return { outcome: 'works', saw: `${round(all)} observations in ${Object.keys(found.buckets).length} cumulative buckets, the last of them +Inf` };
}

/** What brought nothing is broken when it never will; otherwise there is nothing to ask yet, or the name is not there yet. */
async function silence({ lasting, reason, kind }: Silence, query: string, asked: Asked): Promise<Finding> {
  if (lasting === true) return { outcome: 'broken', saw: reason };
  if (kind === 'error') return { outcome: 'unreachable', saw: reason };
  const name = asked.isSelector(query) ? await faultOf(query, query, asked) : undefined;
  return { outcome: 'untested', saw: name?.outcome === 'broken' ? `${reason}; ${name.saw}` : reason };
}

/** Why a selector beside `total` can never match, although what it counts may not have happened yet. */
async function faultOf(query: string, total: string, { names, isSelector }: Asked): Promise<Finding | undefined> {
  try {
    const saw = await whyItNeverMatches(query, isSelector(total) ? total : undefined, names);
    return saw === undefined ? undefined : { outcome: 'broken', saw: `${query} can never match: ${saw}` };
  } catch (error) {
    if (error instanceof NamesUnknown) return { outcome: 'untested', saw: `whether ${query} can match was not seen: ${error.message}` };
    throw error;
  }
}

/** Increments that were extrapolated have fractions. */
const round = (count: number): string => String(Number(count.toPrecision(4)));
