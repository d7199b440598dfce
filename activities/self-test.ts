import { MeridianFailure } from '../src/rollout/failure.js';
import { placeKey } from '../src/rollout/places.js';
import type { Check, Metrics } from '../src/rollout/schema/check.js';
import { metricsOf } from './connect.js';
import type { Dependencies } from './dependencies.js';
import type { SelfTest } from './ports/metric-source.js';
import type { PlaceWork } from './work.js';

/** What the checks of a place have shown before anything is touched. */
export interface Tested {
  problems: MeridianFailure[];
  /** Checks of which nobody knows yet whether they can fail, with the reason. */
  untested: { check: string; where: string; saw: string }[];
}

/** What preflight tells when nothing is wrong. */
export interface Readiness {
  /** In words, the checks that there is nothing to test with yet: an empty region; null when each has been seen to fail. */
  untested: string | null;
}

/** A soak by checks that cannot fail would prove nothing: each is asked something whose answer must be bad. */
export async function testChecks(
  dependencies: Dependencies, work: PlaceWork, { version, isServing }: { version: string; isServing: boolean }, signal: AbortSignal,
): Promise<Tested> {
  const { source, checks } = await metricsOf(dependencies, work, version);
  if (source === null || work.settings.metrics === null || checks.length === 0) return { problems: [], untested: [] };
  return foundBy(await source.selfTest(checks, signal), { checks, where: placeKey(work), isExpected: isServing || isApart(work.settings.metrics) });
}

/** Metrics that a region tells itself are silent until something runs there; those of a server of their own are not. */
const isApart = ({ type }: Metrics): boolean => type !== 'scrape';

interface Where {
  checks: Check[];
  where: string;
  /** Whether the source should answer. */
  isExpected: boolean;
}

function foundBy(tests: SelfTest[], { checks, where, isExpected }: Where): Tested {
  const isOut = (test: SelfTest): boolean => isExpected && test.outcome === 'unreachable';
  const broken = tests.filter(({ outcome }) => outcome === 'broken').map((test) => checkBroken(test, where, checks));
  const [out] = tests.filter(isOut);
  return {
    // One source, however many checks ask it.
    problems: out === undefined ? broken : [...broken, sourceFailed(out.saw, where)],
    untested: tests.filter((test) => test.outcome === 'untested' || (test.outcome === 'unreachable' && !isOut(test))).map(({ check, saw }) => ({ check, where, saw })),
  };
}

const checkBroken = ({ check, saw }: SelfTest, where: string, checks: Check[]): MeridianFailure => {
  const asked = checks.find(({ name }) => name === check);
  return new MeridianFailure('CheckBroken', `${where}: the check ${check} could never fail, and a soak would prove nothing: ${saw}. `
    + `It asks ${asked === undefined ? 'nothing' : queriesOf(asked)}. Mend that in the pipeline's checks, apply it, and ship again.`);
};

const sourceFailed = (saw: string, where: string): MeridianFailure =>
  new MeridianFailure('MetricSourceFailed', `${where}: the metrics cannot be read, and nobody would see a bad release: ${saw}. Bring the source back or mend metrics in the document, and ship again.`);

function queriesOf(check: Check): string {
  switch (check.kind) {
    case 'ratio':
      return `bad: ${check.bad}, total: ${check.total}`;
    case 'value':
      return `query: ${check.query}`;
    case 'histogram':
      return `buckets: ${check.buckets}`;
  }
}

/** More would bury the rest of the timeline. */
const most = 3;

/** `whether errors (all: no series matches) can fail in production/sydney is not known yet …`; null when every check has shown it. */
export function untestedNote(untested: Tested['untested']): string | null {
  if (untested.length === 0) return null;
  const named = untested.slice(0, most).map(({ check, where, saw }) => `${check} in ${where} (${saw})`).join('; ');
  const rest = untested.length > most ? ` and ${untested.length - most} more` : '';
  return `nothing to test these checks with yet, so nobody has seen that they can fail: ${named}${rest}`;
}
