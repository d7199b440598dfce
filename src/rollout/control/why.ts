import { formatDuration } from '../duration.js';
import { listNames } from '../list-names.js';
import { placeKey } from '../places.js';
import type { OverrideRecord, RegionState, Rollout, SoakProgress } from '../schema/rollout.js';
import { isInFlight } from '../states/statuses.js';
import { minuteOf, waitsText } from './waits.js';

type Explained = Pick<Rollout, 'status' | 'release' | 'contract' | 'pipeline' | 'phase' | 'regions' | 'waitingFor' | 'failure'>;

export interface Context {
  /** The rollout that holds the environments this one waits for. */
  behind?: string | null | undefined;
  /** Who paused or stopped it, and why: `ana (the metrics look odd)`. */
  decision?: string | undefined;
  /** What a stopped walk will end in; absent while only single regions go back. */
  goal?: 'rolled-back' | 'aborted' | undefined;
  /** When a scheduled rollout starts (ISO 8601). */
  startAt?: string | undefined;
  /** The rollout that takes its place, now or at the edge of the wave. */
  supersededBy?: string | undefined;
  /** The environment after the walk; null at the end of the lifecycle. */
  next?: string | null | undefined;
  /** Where somebody has sent it on to. */
  promoteTo?: string | undefined;
  /** By key of the place: when its soak is expected to have enough evidence (ISO 8601). */
  provenBy?: Record<string, string> | undefined;
  /** Until when its places are watched on after its end (ISO 8601). */
  watchedUntil?: string | undefined;
  /** What was passed over with it. */
  overrides?: OverrideRecord[] | undefined;
}

/** One sentence: what the rollout does or waits for, and until when. The same in API, CLI and Temporal UI. */
export function why(rollout: Explained, context: Context = {}): string {
  const { regions } = rollout;
  switch (rollout.status) {
    case 'scheduled':
      return scheduled(rollout, context);
    case 'queued':
      return context.behind ? `Queued behind ${context.behind} until it ends.` : 'Queued until its environments are free.';
    case 'running':
      return makesWay(rollout, context) ?? running(rollout, context);
    case 'waiting':
      return makesWay(rollout, context) ?? `Waiting for ${waitsText(rollout.waitingFor)}.`;
    case 'paused':
      return `Paused${by(context)} until somebody resumes it; the watch goes on.`;
    case 'held':
      return makesWay(rollout, context) ?? `Held until you resume (try again), rollback or abort: ${failureOf(rollout, 'a person must decide')}`;
    case 'rolling-back':
      return goingBack(rollout, context);
    case 'stuck':
      return `Stuck until you retry, or skip with a reason: ${failureOf(rollout, 'an undo does not work')}`;
    case 'succeeded':
      return `${reached(rollout)}${watchedOn(context)}${goesOn(context)}${passedOver(context)}.`;
    case 'rolled-back':
      return `${subjectOf(rollout)} was rolled back${by(context)}: ${endState(regions)}.`;
    case 'aborted':
      return `Aborted${by(context)}: ${endState(regions)}.`;
    case 'failed':
      return `Failed before anything was changed: ${failureOf(rollout, 'unknown failure')}`;
    case 'superseded':
      return `${context.supersededBy ?? 'A newer rollout'} has taken its place: ${endState(regions)}.`;
  }
}

/** What the rollout is about: `1.1.0`, `The contract of 0001-split-name`. */
const subjectOf = ({ release, contract }: Explained): string => (contract === undefined ? release : `The contract of ${listNames(contract)}`);

const by = ({ decision }: Context): string => (decision ? ` by ${decision}` : '');

/** The failure word for word, as the end of a sentence. */
function failureOf({ failure }: Explained, unknown: string): string {
  const text = failure?.message ?? unknown;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const scheduled = (rollout: Explained, { startAt }: Context): string =>
  `${subjectOf(rollout)} starts ${startAt === undefined ? 'at its time' : `at ${minuteOf(startAt)}`}, or when somebody resumes it.`;

/** Where a success has come to, and which places it had to leave out. */
function reached({ release, contract, regions }: Explained): string {
  if (regions.length === 0) return `${release} already runs, verified, wherever it was to go`;
  const environments = [...new Set(regions.map((region) => region.environment))];
  const without = regions.filter(({ status }) => status === 'skipped' || status === 'superseded').map(nameOf);
  const what = contract === undefined ? `${release} is live and verified` : `The old shape of ${listNames(contract)} is gone`;
  return `${what} in ${listNames(environments)}${without.length === 0 ? '' : `, but not in ${listNames(without)}`}`;
}

const watchedOn = ({ watchedUntil }: Context): string => (watchedUntil === undefined ? '' : `, and watched on until ${minuteOf(watchedUntil)}`);

const goesOn = ({ promoteTo, next }: Context): string => {
  if (promoteTo !== undefined) return `; it goes on to ${promoteTo}`;
  return next ? `; promote it to go on to ${next}` : '';
};

/** A success that passed over a rule says so. */
const passedOver = ({ overrides = [] }: Context): string => overrides.map(({ by: who, what, reason }) => `; ${who} passed over ${what} (${reason})`).join('');

/** A newer rollout waits for the edge of the wave; undefined when there is none. */
function makesWay({ regions }: Explained, { supersededBy }: Context): string | undefined {
  if (supersededBy === undefined) return undefined;
  const busy = regions.filter((region) => isInFlight(region.status)).map(nameOf);
  return `Makes way for ${supersededBy}${busy.length === 0 ? '' : ` once ${listNames(busy)} ${busy.length === 1 ? 'is' : 'are'} done`}; nothing new starts.`;
}

function running({ release, contract, phase, regions }: Explained, { provenBy = {} }: Context): string {
  const busy = regions.filter((region) => isInFlight(region.status));
  if (phase === null) return `Checking that ${release} has all that it needs; nothing is changed yet.`;
  const deed = contract === undefined ? `Shipping ${release} to ${phase}` : `Contracting ${listNames(contract)} in ${phase}`;
  if (busy.length === 0) return `${deed}.`;
  return `${deed}: ${busy.slice(0, 3).map((region) => doing(region, provenBy[placeKey(region)])).join('; ')}${busy.length > 3 ? `; and ${busy.length - 3} more` : ''}.`;
}

function doing(region: RegionState, provenBy: string | undefined): string {
  if (region.status === 'soaking' && region.soak) {
    return soaking(region, region.soak, provenBy);
  }
  if (region.status === 'rolling-back' && region.note) return `${region.note} in ${whereOf(region)}`;
  const progress = (region.status === 'expanding' || region.status === 'contracting') && region.note ? ` (${region.note})` : '';
  return `${region.status} ${whereOf(region)}${progress}`;
}

function soaking(region: RegionState, { decision, explanation, required, max }: SoakProgress, provenBy: string | undefined): string {
  if (decision !== 'extend') return `soaking ${whereOf(region)} for ${formatDuration(required)} (at most ${formatDuration(max)})`;
  const more = provenBy === undefined ? '' : `, which takes until about ${minuteOf(provenBy)}`;
  return `soaking ${whereOf(region)}, not proven safe yet (${explanation})${more}; at most ${formatDuration(max)} in all`;
}

const inSentence = (text: string): string => text.replace(/^The /, 'the ');

/** The place within its phase. */
const whereOf = ({ region, tenant }: RegionState): string => (tenant === undefined ? region : `${region}/${tenant}`);

function goingBack({ regions, ...rollout }: Explained, context: Context): string {
  const inFlight = regions.filter((region) => isInFlight(region.status));
  if (context.goal === undefined) {
    const back = listNames(inFlight.filter(({ status }) => status === 'rolling-back').map(nameOf));
    return `Rolling back ${back || 'a region'}; nothing new starts until that is done.`;
  }
  const left = context.goal === 'aborted' ? inFlight : regions.filter((region) => inFlight.includes(region) || region.status === 'live');
  const toGo = left.length === 0 ? 'almost done' : `${left.length} ${left.length === 1 ? 'region' : 'regions'} to go (${listNames(left.map(nameOf))})`;
  return `${context.goal === 'aborted' ? 'Aborting' : 'Rolling back'} ${inSentence(subjectOf({ regions, ...rollout }))}, as decided${by(context)}: ${toGo}.`;
}

function endState(regions: RegionState[]): string {
  const named = (status: RegionState['status']): string => listNames(regions.filter((region) => region.status === status).map(nameOf));
  const parts = [['kept', named('live')], ['kept unverified', named('superseded')], ['undone', named('rolled-back')], ['left to a person', named('failed')]]
    .flatMap(([what, where]) => (where ? [`${what} in ${where}`] : []));
  return parts.join('; ') || 'no region was changed';
}

const nameOf = (region: RegionState): string => placeKey(region);
