import { formatDuration } from './duration.js';
import type { RegionState, Rollout } from './schema/rollout.js';
import { isInFlight } from './statuses.js';

type Explained = Pick<Rollout, 'status' | 'release' | 'pipeline' | 'phase' | 'regions' | 'waitingFor' | 'failure'>;

export interface Context {
  /** The rollout that holds the environments this one waits for. */
  behind?: string | null | undefined;
  /** Who paused or stopped it, and why: `ana (the metrics look odd)`. */
  decision?: string | undefined;
  /** What a stopped walk will end in; absent while only single regions go back. */
  goal?: 'rolled-back' | 'aborted' | undefined;
}

/** One sentence: what the rollout does or waits for, and until when. The same in API, CLI and Temporal UI. */
export function why(rollout: Explained, context: Context = {}): string {
  const { release, failure } = rollout;
  switch (rollout.status) {
    case 'scheduled':
      return `${release} starts at its time.`;
    case 'queued':
      return context.behind ? `Queued behind ${context.behind} until it ends.` : 'Queued until its environments are free.';
    case 'running':
      return running(rollout);
    case 'waiting':
      return `Waiting for ${rollout.waitingFor.map(waitingText).join('; and for ')}.`;
    case 'paused':
      return `Paused${by(context)} until somebody resumes it; the watch goes on.`;
    case 'held':
      return ended(`Held until you resume (try again), rollback or abort: ${failure?.message ?? 'a person must decide'}`);
    case 'rolling-back':
      return goingBack(rollout, context);
    case 'stuck':
      return ended(`Stuck until you retry, or skip with a reason: ${failure?.message ?? 'an undo does not work'}`);
    case 'succeeded':
      return `${release} is live and verified in ${list([...new Set(rollout.regions.map((region) => region.environment))])}.`;
    case 'rolled-back':
      return `${release} was rolled back${by(context)}: ${endState(rollout.regions)}.`;
    case 'aborted':
      return `Aborted${by(context)}: ${endState(rollout.regions)}.`;
    case 'failed':
      return ended(`Failed before anything was changed: ${failure?.message ?? 'unknown failure'}`);
    case 'superseded':
      return 'A newer release has taken its place.';
  }
}

const by = ({ decision }: Context): string => (decision ? ` by ${decision}` : '');

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const waitingText = ({ gate, environment, region, needs, until }: Rollout['waitingFor'][number]): string =>
  `${gate} in ${region ? `${environment}/${region}` : environment}: ${needs}${until ? `, until ${minuteOf(until)}` : ''}`;

/** `2026-11-21 10:00 UTC` of an ISO 8601 time. */
const minuteOf = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

function running({ release, phase, regions }: Explained): string {
  const busy = regions.filter((region) => isInFlight(region.status));
  if (phase === null) return `Checking that ${release} has all that it needs; nothing is changed yet.`;
  if (busy.length === 0) return `Shipping ${release} to ${phase}.`;
  return `Shipping ${release} to ${phase}: ${busy.slice(0, 3).map(doing).join('; ')}${busy.length > 3 ? `; and ${busy.length - 3} more` : ''}.`;
}

function doing(region: RegionState): string {
  if (region.status === 'soaking' && region.soak) {
    return `soaking ${region.region} for ${formatDuration(region.soak.required)} (at most ${formatDuration(region.soak.max)})`;
  }
  return `${region.status} ${region.region}`;
}

function goingBack({ release, regions }: Explained, context: Context): string {
  const inFlight = regions.filter((region) => isInFlight(region.status));
  if (context.goal === undefined) {
    const back = list(inFlight.filter(({ status }) => status === 'rolling-back').map(nameOf));
    return `Rolling back ${back || 'a region'}; nothing new starts until that is done.`;
  }
  const left = context.goal === 'aborted' ? inFlight : regions.filter((region) => inFlight.includes(region) || region.status === 'live');
  const toGo = left.length === 0 ? 'almost done' : `${left.length} ${left.length === 1 ? 'region' : 'regions'} to go (${list(left.map(nameOf))})`;
  return `${context.goal === 'aborted' ? 'Aborting' : 'Rolling back'} ${release}, as decided${by(context)}: ${toGo}.`;
}

function endState(regions: RegionState[]): string {
  const named = (status: RegionState['status']): string => list(regions.filter((region) => region.status === status).map(nameOf));
  const parts = [['kept', named('live')], ['undone', named('rolled-back')], ['left to a person', named('failed')]]
    .flatMap(([what, where]) => (where ? [`${what} in ${where}`] : []));
  return parts.join('; ') || 'no region was changed';
}

const nameOf = (region: RegionState): string => `${region.environment}/${region.region}`;

/** `a, b and c`; of more than four only the first three by name. */
function list(names: string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
