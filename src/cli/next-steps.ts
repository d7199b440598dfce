import { needsReason, type DecisionKind } from '../rollout/decision-kinds.js';
import { decisionsIn } from '../rollout/rollout-states.js';
import type { RegionState, Rollout } from '../rollout/schema/rollout.js';
import type { RolloutStatus } from '../rollout/statuses.js';

export interface NextStep {
  /** What the person types. */
  command: string;
  /** What comes of it. */
  effect: string;
}

/** The statuses in which a rollout does not go on without a person. */
const asking: readonly RolloutStatus[] = ['waiting', 'paused', 'held', 'stuck'];

const effects: Record<DecisionKind, string> = {
  approve: 'let it through',
  reject: 'keep what is live, end',
  pause: 'start nothing new',
  resume: 'go on',
  retry: 'try the undo again',
  skip: 'see to it by hand',
  rollback: 'undo the whole rollout',
  abort: 'keep what is live, end',
};

/** What a person can type now; nothing while the rollout goes on by itself. `program` is how the command was called. */
export function nextSteps(rollout: Rollout, program: string): NextStep[] {
  if (!asking.includes(rollout.status)) return [];
  return decisionsIn(rollout.status)
    .filter((kind) => kind !== 'pause')
    .flatMap((kind) => targetsOf(kind, rollout).map((target) => step(kind, rollout, target, program)));
}

/** Gates and regions are named where the decision concerns one of them. */
function targetsOf(kind: DecisionKind, { waitingFor, regions }: Rollout): string[] {
  if (kind === 'approve' || kind === 'reject') {
    return waitingFor.map(({ gate, region }) => ` --gate ${gate}${region ? ` --region ${region}` : ''}`);
  }
  if (kind === 'retry' || kind === 'skip') return regions.filter(({ status }) => status === 'stuck').map(nameStuck);
  return [''];
}

function nameStuck({ environment, region }: RegionState, _index: number, stuck: RegionState[]): string {
  const isClear = stuck.filter((other) => other.region === region).length === 1;
  return ` --region ${region}${isClear ? '' : ` --environment ${environment}`}`;
}

function step(kind: DecisionKind, rollout: Rollout, target: string, program: string): NextStep {
  const effect = kind === 'resume' && rollout.status === 'held' ? 'try again' : effects[kind];
  return { command: `${program} ${kind} ${rollout.id}${target}${needsReason(kind) ? ' --reason "…"' : ''}`, effect };
}
