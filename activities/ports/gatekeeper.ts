import type { WebhookGate } from '../../src/rollout/schema/gate.js';
import type { Release } from '../../src/rollout/schema/release.js';

/** Who waits at a gate, and where it stands. Before a phase there is no wave, before a wave no region. */
export interface GateQuestion {
  pipeline: string;
  environment: string;
  wave?: number;
  region?: string;
  tenant?: string;
  rollout: string;
  release: Release;
  /** Hash of the rollout's plan. */
  plan: string;
}

/**
 * A service of a user's that opens a gate, asked over HTTP. Never throws for what it answers or fails to answer: that is a closed gate, in
 * words. `secrets` are the values of secret variables by name: they sign, and stay out of every message.
 */
export type AskGatekeeper = (
  gate: WebhookGate, question: GateQuestion, secrets: Record<string, string>, signal: AbortSignal,
) => Promise<{ isOpen: boolean; saw: string }>;
