import { needsReason, type DecisionKind } from '../rollout/control/decision-kinds.js';
import { decisionsIn } from '../rollout/states/rollout-states.js';
import type { RegionState, Rollout, WaitingFor } from '../rollout/schema/rollout.js';
import type { RolloutStatus } from '../rollout/states/statuses.js';

export interface NextStep {
  /** What the person types. */
  command: string;
  /** What comes of it. */
  effect: string;
}

/** The statuses in which there is something for a person to decide. */
const asking: readonly RolloutStatus[] = ['scheduled', 'waiting', 'paused', 'held', 'stuck'];

/** Asked of nobody: they are for whoever has a reason of their own. */
const unasked: readonly DecisionKind[] = ['pause', 'promote'];

const effects: Record<DecisionKind, string> = {
  approve: 'let it through',
  reject: 'keep what is live, end',
  pause: 'start nothing new',
  resume: 'go on',
  retry: 'try the undo again',
  skip: 'see to it by hand',
  rollback: 'undo the whole rollout',
  abort: 'keep what is live, end',
  promote: 'ship on when it has succeeded',
  override: 'open it all the same',
};

/** What a person can type now; nothing while the rollout goes on by itself. `program` is how the command was called. */
export function nextSteps(rollout: Rollout, program: string): NextStep[] {
  if (!asking.includes(rollout.status)) return [];
  return decisionsIn(rollout.status)
    .filter((kind) => !unasked.includes(kind))
    .flatMap((kind) => shortened(targetsOf(kind, rollout)).map((target) => step(kind, rollout, target, program)));
}

/** More places than this are not spelt out: the tree above names them. */
const mostTargets = 3;

function shortened(targets: Target[]): Target[] {
  const [first] = targets;
  if (first === undefined || targets.length <= mostTargets) return targets;
  const isShared = (flag: string): boolean => targets.every(({ flags }) => `${flags} `.includes(`${flag} `));
  return [{ ...first, flags: first.flags.replaceAll(/ (--\w+) \S+/g, (flag, name: string) => (isShared(flag) ? flag : ` ${name} …`)) }];
}

/** Gates and regions are named where the decision concerns one of them. */
function targetsOf(kind: DecisionKind, { waitingFor, regions }: Rollout): Target[] {
  const drained = waitingFor.filter(({ type }) => type === 'drained').map((wait) => ({ ...wait, region: wait.region ?? wait.gate }));
  switch (kind) {
    case 'approve':
    case 'reject':
      return [
        ...waitingFor.filter(({ type }) => type === 'approval').map(gateTarget),
        ...waitingFor.filter((wait) => isUndecidedSoak(wait, regions)).map((wait) => soakTarget(wait, kind)),
      ];
    case 'override':
      // Whoever may approve is asked to. A freeze is lifted by its holder, a region undrained: nobody opens those for one rollout.
      return waitingFor.filter(({ type }) => !['approval', 'freeze', 'drained', 'soak'].includes(type)).map(gateTarget);
    case 'retry':
      return stuckTargets(regions);
    case 'skip':
      return [...stuckTargets(regions), ...drained.map((place) => ({ flags: placeFlags(place, drained), effect: 'go on without it' }))];
    default:
      return [{ flags: '' }];
  }
}

/** Held at the end of a soak that has proven nothing: a person decides. A soak that still runs goes on by itself. */
const isUndecidedSoak = (wait: WaitingFor, regions: RegionState[]): boolean =>
  wait.type === 'soak' && wait.asks === true && regions.some((region) => region.status === 'held' && region.environment === wait.environment
    && region.region === wait.region && region.tenant === wait.tenant);

interface Target {
  flags: string;
  effect?: string;
  /** A reason is asked for, also where the decision alone would take none. */
  hasReason?: boolean;
}

const gateTarget = (wait: WaitingFor): Target => ({ flags: ` --gate ${wait.gate}${wait.region === undefined ? '' : placeFlags(wait, [wait])}` });

const soakTarget = (wait: WaitingFor, kind: 'approve' | 'reject'): Target =>
  ({ ...gateTarget(wait), effect: kind === 'approve' ? 'let it through' : 'undo the region', hasReason: true });

const stuckTargets = (regions: RegionState[]): Target[] =>
  regions.filter(({ status }) => status === 'stuck').map((place, _index, stuck) => ({ flags: placeFlags(place, stuck) }));

interface NamedPlace {
  environment: string;
  region?: string | undefined;
  tenant?: string | undefined;
}

/** The environment only where another place would be meant as well. */
function placeFlags({ environment, region, tenant }: NamedPlace, all: NamedPlace[]): string {
  const isClear = all.filter((other) => other.region === region && other.tenant === tenant).length === 1;
  return ` --region ${region}${tenant === undefined ? '' : ` --tenant ${tenant}`}${isClear ? '' : ` --environment ${environment}`}`;
}

function step(kind: DecisionKind, rollout: Rollout, { flags, effect = effectOf(kind, rollout), hasReason = needsReason(kind) }: Target, program: string): NextStep {
  return { command: `${program} ${kind} ${rollout.id}${flags}${hasReason ? ' --reason "…"' : ''}`, effect };
}

function effectOf(kind: DecisionKind, { status }: Rollout): string {
  if (kind === 'resume' && status === 'held') return 'try again';
  if (kind === 'resume' && status === 'scheduled') return 'start it now';
  return kind === 'abort' && status === 'scheduled' ? 'call it off' : effects[kind];
}
