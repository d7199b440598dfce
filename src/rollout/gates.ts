import type { Decision } from './schema/decision.js';
import { formatDuration, durationMs } from './duration.js';
import { MeridianFailure } from './failure.js';
import type { ApprovalGate, Gate } from './schema/pipeline.js';

/** In words: who must do what. */
export function gateNeeds(gate: Gate): string {
  const who = gate.roles.join(' or ');
  const but = gate.notStarter ? ', not by the person who started the rollout' : '';
  return `approval by ${who}${but}, within ${formatDuration(durationMs(gate.timeout))}`;
}

/** Throws when this person may not answer this gate: `RoleMissing` or `StarterMayNotApprove`. */
export function mayAnswer(gate: ApprovalGate, decision: Pick<Decision, 'by' | 'roles'>, startedBy: string): void {
  if (!decision.roles.includes('*') && !gate.roles.some((role) => decision.roles.includes(role))) {
    const has = decision.roles.length > 0 ? decision.roles.join(', ') : 'none';
    throw new MeridianFailure('RoleMissing', `${gate.name} needs the role ${gate.roles.join(' or ')}; ${decision.by} has ${has}.`);
  }
  if (gate.notStarter && decision.by === startedBy) {
    throw new MeridianFailure('StarterMayNotApprove', `${gate.name} needs a second person: ${decision.by} started this rollout.`);
  }
}
