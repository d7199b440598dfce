import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { approvalsOf, isApproved } from '../../src/rollout/control/approvals.js';
import { gateKey } from '../../src/rollout/control/gates.js';
import type { ApprovalGate, Gate } from '../../src/rollout/schema/gate.js';
import type { PlannedPhase } from '../../src/rollout/schema/plan.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { gatesAt, gateSettings } from '../../src/rollout/document/settings.js';
import { failureOf, isExpected } from '../failures.js';
import type { Gatekeeper, GatePlace } from '../gates/gatekeeper.js';
import { passGates } from '../gates/pass-gates.js';
import { change, move, note, setFailure, tellPeople } from './record.js';
import type { RolloutRun } from './run.js';

/** Waits at the gates of a phase. One that does not open in time holds the rollout; resume asks again. */
export const passPhaseGates = (run: RolloutRun, phase: PlannedPhase, mayStart: () => Promise<boolean>): Promise<void> =>
  passAll(run, { environment: phase.environment }, gatesAt(run.input.document, phase.environment, 'phase'), phase, mayStart);

/** The same for a wave. */
export const passWaveGates = (run: RolloutRun, phase: PlannedPhase, wave: number, mayStart: () => Promise<boolean>): Promise<void> =>
  passAll(run, { environment: phase.environment, wave }, gatesAt(run.input.document, phase.environment, 'wave'), phase, mayStart);

async function passAll(run: RolloutRun, place: GatePlace, gates: Gate[], phase: PlannedPhase, mayStart: () => Promise<boolean>): Promise<void> {
  if (gates.length === 0) return;
  for (;;) {
    try {
      return await passGates(gatekeeper(run, place, phase), gates, mayStart);
    } catch (error) {
      if (isCancellation(error) || !isExpected(error)) throw error;
      await holdUntilResumed(run, error);
    }
  }
}

async function holdUntilResumed(run: RolloutRun, error: unknown): Promise<void> {
  setFailure(run, failureOf(error, 'a gate'));
  move(run, 'gate-expired');
  note(run, { kind: 'held', text: `held: ${run.view.failure?.message}` });
  tellPeople(run, 'held');
  await condition(() => run.view.status === 'running');
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
}

function gatekeeper(run: RolloutRun, place: GatePlace, phase: PlannedPhase): Gatekeeper {
  const { rollout, pipeline, document, release } = run.input;
  const { environment, wave } = place;
  const regions = phase.waves.filter(({ number }) => wave === undefined || number === wave).flatMap((each) => each.regions.map(({ region }) => region));
  return {
    place,
    name: wave === undefined ? environment : `wave ${wave} of ${environment}`,
    workAt: (gate) => ({
      pipeline, environment, ...(wave !== undefined && { wave }), rollout, release, plan: run.plan.hash, gate,
      settings: gateSettings(document, { environment, regions: [...new Set(regions)] }),
    }),
    async arrive(waiting) {
      note(run, { kind: 'gate', environment, text: `waits for ${waiting.gate}: ${waiting.needs}` });
      waitAt(run, waiting);
    },
    async leave(key) {
      leaveGate(run, key);
    },
    isApproved: (gate, key) => hasEnoughApprovals(run, gate, key),
    isOverridden: (key) => run.overridden.includes(key),
    isGivenUp: () => false, // whatever ends the walk cancels it
  };
}

export const hasEnoughApprovals = (run: RolloutRun, gate: ApprovalGate, key: string): boolean =>
  isApproved(gate, approvalsOf(run.approvals, key, run.plan.hash));

/** Puts a gate on the list of what the rollout waits for. A soak that holds it stands there once, whatever its reason becomes. */
export function waitAt(run: RolloutRun, waitingFor: WaitingFor): void {
  const others = run.view.waitingFor.filter((each) => each.type !== 'soak' || gateKey(each) !== gateKey(waitingFor));
  change(run, { waitingFor: [...others, waitingFor] });
  move(run, 'gate-closed');
  if (waitingFor.type !== 'soak') tellPeople(run, 'waiting');
}

/** Takes a gate off the list of what the rollout waits for. */
export function leaveGate(run: RolloutRun, key: string): void {
  const waitingFor = run.view.waitingFor.filter((each) => each.type === 'freeze' || each.type === 'drained' || gateKey(each) !== key);
  if (waitingFor.length === run.view.waitingFor.length) return;
  change(run, { waitingFor });
  if (waitingFor.length === 0) move(run, 'gates-open');
}
