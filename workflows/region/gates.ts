import { condition } from '@temporalio/workflow';
import { durationMs } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { gateNeeds } from '../../src/rollout/gates.js';
import type { Gate } from '../../src/rollout/schema/pipeline.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { mayProceed } from './proceed.js';
import { move, nameOf, now, report, type RegionRun } from './run.js';

/** Waits at each gate of the region in turn. A gate that nobody answers in time fails the region before anything is changed. */
export async function passGates(run: RegionRun): Promise<void> {
  for (const gate of run.input.settings.gates) await passGate(run, gate);
  await mayProceed(run);
}

async function passGate(run: RegionRun, gate: Gate): Promise<void> {
  const timeoutMs = durationMs(gate.timeout);
  const until = new Date(Date.now() + timeoutMs).toISOString();
  const waiting: WaitingFor = {
    gate: gate.name, type: gate.type, environment: run.input.environment, region: run.input.region, since: now(), until, needs: gateNeeds(gate),
  };
  move(run, 'gate-closed');
  await report(run, `${nameOf(run)} waits for ${gate.name}`, waiting);
  const isApproved = await condition(() => run.approved.includes(gate.name), timeoutMs, { summary: `${gate.name} expires` });
  if (!isApproved) throw new MeridianFailure('ApprovalExpired', `Nobody answered ${gate.name} for ${nameOf(run)} by ${until}. Resume to ask again.`);
  move(run, 'gates-open');
}
