import { formatDuration } from './duration.js';
import type { RegionState, Rollout } from './schema/rollout.js';
import { isInFlight } from './statuses.js';

type Explained = Pick<Rollout, 'status' | 'release' | 'pipeline' | 'phase' | 'regions' | 'waitingFor' | 'failure'>;

export interface Context {
  /** The rollout that holds the environments this one waits for. */
  behind?: string | null | undefined;
  /** The last decision that explains the status, in words: `ana: the metrics look odd`. */
  decision?: string | undefined;
}

/** One sentence: what the rollout does or waits for, and until when. The same in API, CLI and Temporal UI. */
export function why(rollout: Explained, context: Context = {}): string {
  const { release, failure } = rollout;
  switch (rollout.status) {
    case 'scheduled':
      return `${release} starts at its time.`;
    case 'queued':
      return context.behind ? `Queued behind ${context.behind}, until that one ends.` : 'Queued until its environments are free.';
    case 'running':
      return running(rollout);
    case 'waiting':
      return `Waiting for ${rollout.waitingFor.map(waitingText).join('; and for ')}.`;
    case 'paused':
      return `Paused${context.decision ? ` by ${context.decision}` : ''}, until somebody resumes it; the watch goes on.`;
    case 'held':
      return `Held: ${failure?.message ?? 'a person must decide.'} Nothing new starts until you resume (try again), rollback or abort.`;
    case 'rolling-back':
      return `Rolling back ${release}${reasonOf(context)}: ${undoing(rollout.regions)}.`;
    case 'stuck':
      return `Stuck: ${failure?.message ?? 'an undo does not work.'} Nothing goes on there until you retry, or skip with a reason.`;
    case 'succeeded':
      return `${release} is live and verified in ${environmentsOf(rollout.regions)}.`;
    case 'rolled-back':
      return `${release} was rolled back${reasonOf(context)}: ${endState(rollout.regions)}.`;
    case 'aborted':
      return `Aborted${reasonOf(context)}: ${endState(rollout.regions)}.`;
    case 'failed':
      return `Failed before anything was changed: ${failure?.message ?? 'unknown failure'}`;
    case 'superseded':
      return 'A newer release has taken its place.';
  }
}

const reasonOf = ({ decision }: Context): string => (decision ? ` by ${decision}` : '');

const waitingText = (gate: Rollout['waitingFor'][number]): string =>
  `${gate.gate}${gate.region ? ` (${gate.environment}/${gate.region})` : ` (${gate.environment})`}: ${gate.needs}${gate.until ? `, until ${gate.until}` : ''}`;

function running(rollout: Explained): string {
  const busy = rollout.regions.filter((region) => isInFlight(region.status));
  if (busy.length === 0) return `Shipping ${rollout.release}${rollout.phase ? ` to ${rollout.phase}` : ''}: checking what it needs.`;
  return `Shipping ${rollout.release} to ${rollout.phase}: ${busy.slice(0, 3).map(doing).join('; ')}${busy.length > 3 ? `; and ${busy.length - 3} more` : ''}.`;
}

function doing(region: RegionState): string {
  if (region.status === 'soaking' && region.soak) {
    return `soaking ${region.region} for ${formatDuration(region.soak.required)} (at most ${formatDuration(region.soak.max)})`;
  }
  return `${region.status} ${region.region}`;
}

const undoing = (regions: RegionState[]): string => {
  const names = regions.filter((region) => region.status === 'rolling-back' || region.status === 'live').map(nameOf);
  return names.length === 0 ? 'almost done' : `${names.length} ${names.length === 1 ? 'region' : 'regions'} to go (${list(names)})`;
};

function endState(regions: RegionState[]): string {
  const live = regions.filter((region) => region.status === 'live').map(nameOf);
  const back = regions.filter((region) => region.status === 'rolled-back').map(nameOf);
  const failed = regions.filter((region) => region.status === 'failed').map(nameOf);
  const parts = [
    live.length > 0 && `kept in ${list(live)}`,
    back.length > 0 && `undone in ${list(back)}`,
    failed.length > 0 && `left to a person in ${list(failed)}`,
  ].filter(Boolean);
  return parts.length === 0 ? 'no region was changed' : parts.join('; ');
}

const nameOf = (region: RegionState): string => `${region.environment}/${region.region}`;

const list = (names: string[]): string => (names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`);

const environmentsOf = (regions: RegionState[]): string => [...new Set(regions.map((region) => region.environment))].join(' and ');
