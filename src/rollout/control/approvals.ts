import type { ApprovalGate } from '../schema/gate.js';

/** One person's yes to one gate, bound to the plan that the person has seen. */
export interface Approval {
  /** Key of the gate; see `gateKey`. */
  gate: string;
  by: string;
  /** ISO 8601. */
  at: string;
  /** Hash of the plan. */
  plan: string;
}

/** The approvals of this gate that count for this plan: a plan that has changed voids those that were given before. */
export const approvalsOf = (approvals: Approval[], key: string, plan: string): Approval[] =>
  approvals.filter((approval) => approval.gate === key && approval.plan === plan);

/** True when enough different people have said yes. `approvals` are those of this gate and plan. */
export const isApproved = (gate: ApprovalGate, approvals: Approval[]): boolean =>
  new Set(approvals.map(({ by }) => by)).size >= gate.approvals;
