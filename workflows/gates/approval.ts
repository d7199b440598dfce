import { condition } from '@temporalio/workflow';
import { durationMs } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { gateKey, gateNeeds } from '../../src/rollout/control/gates.js';
import type { ApprovalGate } from '../../src/rollout/schema/gate.js';
import type { Gatekeeper } from './gatekeeper.js';

/** Waits until enough people have said yes, or somebody has passed the gate over. Throws `ApprovalExpired`. */
export async function passApproval(keeper: Gatekeeper, gate: ApprovalGate): Promise<void> {
  const key = gateKey({ ...keeper.place, gate: gate.name });
  const isOpen = (): boolean => keeper.isApproved(gate, key) || keeper.isOverridden(key) || keeper.isGivenUp();
  if (isOpen()) return;
  const timeoutMs = durationMs(gate.timeout);
  const until = new Date(Date.now() + timeoutMs).toISOString();
  await keeper.arrive({ ...keeper.place, gate: gate.name, type: gate.type, since: new Date().toISOString(), until, needs: gateNeeds(gate), approvals: [] });
  try {
    if (await condition(isOpen, timeoutMs, { summary: `${gate.name} of ${keeper.name} expires` })) return;
  } finally {
    await keeper.leave(key);
  }
  throw new MeridianFailure('ApprovalExpired', `Nobody answered ${gate.name} of ${keeper.name} by ${until}. Resume to ask again.`);
}
