import { condition } from '@temporalio/workflow';
import { durationMs, formatDuration } from '../../src/rollout/duration.js';
import { gateNeeds } from '../../src/rollout/gates.js';
import type { Gate } from '../../src/rollout/schema/pipeline.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { change, move, note, now, setFailure, tellPeople } from './record.js';
import { waitAt } from './reports.js';
import type { RolloutRun } from './run.js';

/** Waits at each gate of a phase in turn. One that nobody answers in time holds the rollout; resume asks again. */
export async function passPhaseGates(run: RolloutRun, environment: string): Promise<void> {
  const gates = run.input.document.lifecycle.find((phase) => phase.environment === environment)?.gates ?? [];
  for (const gate of gates) {
    while (!(await passGate(run, environment, gate))) await condition(() => run.view.status === 'running');
  }
}

/** True when somebody has approved; false when the gate has expired and the rollout is held. */
async function passGate(run: RolloutRun, environment: string, gate: Gate): Promise<boolean> {
  const timeoutMs = durationMs(gate.timeout);
  const until = new Date(Date.now() + timeoutMs).toISOString();
  const waiting: WaitingFor = { gate: gate.name, type: gate.type, environment, since: now(), until, needs: gateNeeds(gate) };
  note(run, { kind: 'gate', environment, text: `waits for ${gate.name}: ${waiting.needs}` });
  waitAt(run, waiting);
  const key = `${environment}/${gate.name}`;
  if (await condition(() => run.approved.includes(key), timeoutMs, { summary: `${gate.name} of ${environment} expires` })) return true;
  change(run, { waitingFor: run.view.waitingFor.filter((each) => each !== waiting) });
  setFailure(run, { code: 'ApprovalExpired', message: `Nobody answered ${gate.name} of ${environment} within ${formatDuration(timeoutMs)}.` });
  move(run, 'gate-expired');
  tellPeople(run, 'held');
  return false;
}
