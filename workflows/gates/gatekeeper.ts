import type { GateWork } from '../../activities/work.js';
import type { ApprovalGate, AutomaticGate } from '../../src/rollout/schema/gate.js';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';

/** Where gates stand: at a phase, at a wave, or at a region. */
export interface GatePlace {
  environment: string;
  wave?: number;
  region?: string;
  tenant?: string | undefined;
}

/** Who waits at gates, a rollout or a region, and shows what it waits for. */
export interface Gatekeeper {
  place: GatePlace;
  /** `production/sydney`, as people read it. */
  name: string;
  workAt(gate: AutomaticGate): GateWork;
  /** Shows that it waits from now on. */
  arrive(waiting: WaitingFor): Promise<void>;
  /** Shows that it does not wait at this gate any more. */
  leave(key: string): Promise<void>;
  isApproved(gate: ApprovalGate, key: string): boolean;
  isOverridden(key: string): boolean;
  /** Nobody wants through any more: the waiting ends, and whoever waited says why. */
  isGivenUp(): boolean;
}
