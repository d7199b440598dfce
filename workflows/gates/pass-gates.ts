import type { ApprovalGate, AutomaticGate, Gate } from '../../src/rollout/schema/gate.js';
import { passApproval } from './approval.js';
import { passAutomatic } from './automatic.js';
import type { Gatekeeper } from './gatekeeper.js';

/**
 * Waits until every gate is open: people first, then what opens by itself. While one of those is waited for another may close again, so
 * they are looked at until all are open in one round. `mayStart` is whatever else must hold in that moment, a pause or a freeze; it
 * answers whether it had to wait. Throws `ApprovalExpired`, `GateExpired` or `GateFailed`.
 */
export async function passGates(keeper: Gatekeeper, gates: Gate[], mayStart: () => Promise<boolean>): Promise<void> {
  for (const gate of gates.filter(isApproval)) await passApproval(keeper, gate);
  const automatic = gates.filter(isAutomatic);
  let hadToWait: boolean;
  do {
    hadToWait = false;
    for (const gate of automatic) hadToWait = (await passAutomatic(keeper, gate)) || hadToWait;
    hadToWait = (await mayStart()) || hadToWait;
  } while (hadToWait && automatic.length > 0);
}

const isApproval = (gate: Gate): gate is ApprovalGate => gate.type === 'approval';
const isAutomatic = (gate: Gate): gate is AutomaticGate => gate.type !== 'approval';
