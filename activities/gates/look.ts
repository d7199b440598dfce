import { MeridianFailure } from '../../src/rollout/failure.js';
import { durationMs } from '../../src/rollout/duration.js';
import type { AutomaticGate } from '../../src/rollout/schema/gate.js';
import type { Dependencies } from '../dependencies.js';
import type { GateAnswer, GateWork } from '../work.js';
import { lookAtAlerts } from './alerts.js';
import { lookAtDependency } from './dependency.js';
import { lookAtMetric } from './metric.js';
import { lookAtWebhook } from './webhook.js';
import { lookAtWindow } from './window.js';

/** The work at a gate of one type. */
export type WorkAt<Type extends AutomaticGate['type']> = GateWork & { gate: Extract<AutomaticGate, { type: Type }> };

/** For a window that cannot be judged. */
const windowRetryMs = 60_000;

/** What was seen; when to look again is the gate's own interval. */
export type Seen = Pick<GateAnswer, 'isOpen' | 'saw'>;

/** One look at a gate. Only a clear yes is open. Throws for nothing but the signal's reason and bugs of ours. */
export async function lookAt(dependencies: Dependencies, work: GateWork, signal: AbortSignal): Promise<GateAnswer> {
  const { gate } = work;
  try {
    if (gate.type === 'window') return lookAtWindow(gate, work.settings, Date.now());
    return { ...(await ask(dependencies, { ...work, gate }, signal)), lookAgainMs: lookAgainMs(gate) };
  } catch (error) {
    signal.throwIfAborted();
    // Settings that cannot work, a secret that the worker lacks: closed until somebody mends it.
    if (error instanceof MeridianFailure) return { isOpen: false, saw: error.message, lookAgainMs: lookAgainMs(gate) };
    throw error;
  }
}

/** A window has no interval: it is looked at when it changes. */
const lookAgainMs = (gate: AutomaticGate): number => (gate.type === 'window' ? windowRetryMs : durationMs(gate.interval));

function ask(dependencies: Dependencies, work: WorkAt<Exclude<AutomaticGate['type'], 'window'>>, signal: AbortSignal): Promise<Seen> {
  const { gate } = work;
  switch (gate.type) {
    case 'metric':
      return lookAtMetric(dependencies, { ...work, gate }, signal);
    case 'alerts':
      return lookAtAlerts(dependencies, { ...work, gate }, signal);
    case 'dependency':
      return lookAtDependency(dependencies, { ...work, gate });
    case 'webhook':
      return lookAtWebhook(dependencies, { ...work, gate }, signal);
  }
}
