import type { WebhookGate } from '../../src/rollout/schema/gate.js';
import type { GateAnswer, GateWork } from '../work.js';

/** A service of a user's that opens a gate, asked over HTTP. Never throws for what it answers or fails to answer: that is a closed gate, in words. */
export type AskGatekeeper = (
  gate: WebhookGate, work: Omit<GateWork, 'gate' | 'settings'>, secrets: Record<string, string>, signal: AbortSignal,
) => Promise<Pick<GateAnswer, 'isOpen' | 'saw'>>;
