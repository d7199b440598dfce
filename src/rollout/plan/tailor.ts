import { durationMs } from '../duration.js';
import type { WindowGate } from '../schema/gate.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { ShipOptions } from '../schema/ship.js';

/**
 * The document as one rollout uses it: with the shorter soak of the hot-fix lane, and with each region's own night before it. The rest
 * of the rollout knows no other document, so that nothing can forget what was asked for.
 */
export const tailorDocument = (document: PipelineDocument, options: ShipOptions): PipelineDocument => tonight(hurried(document, options), options);

/** The times alone are shortened, where they are longer: what must be seen in it stays the same. */
function hurried(document: PipelineDocument, { lane }: ShipOptions): PipelineDocument {
  const soak = document.policy.hotfix?.soak;
  if (lane !== 'hotfix' || soak === undefined) return document;
  const shorter = (time: string): string => (durationMs(time) > durationMs(soak) ? soak : time);
  const shortened = <S extends NonNullable<Phase['soak']>>(times: S): S => ({
    ...times,
    ...(times.min !== undefined && { min: shorter(times.min) }),
    ...(times.duration !== undefined && { duration: shorter(times.duration) }),
  });
  return {
    ...document,
    soak: shortened(document.soak),
    lifecycle: document.lifecycle.map((phase) => (phase.soak === undefined ? phase : { ...phase, soak: shortened(phase.soak) })),
  };
}

function tonight(document: PipelineDocument, options: ShipOptions): PipelineDocument {
  if (options.startAt !== 'tonight') return document;
  const last = lastPhases(document.lifecycle, options);
  return {
    ...document,
    lifecycle: document.lifecycle.map((phase) => (last.includes(phase) ? { ...phase, regionGates: [...phase.regionGates, nightGate(phase)] } : phase)),
  };
}

/** A name that no other gate of the phase has: people pass over a gate by its name. */
function nightGate({ gates, waveGates, regionGates }: Phase): WindowGate {
  const taken = [...gates, ...waveGates, ...regionGates].map(({ name }) => name);
  const name = ['tonight', ...taken.map((_, index) => `tonight-${index + 2}`)].find((each) => !taken.includes(each))!;
  return { name, type: 'window', offPeak: true };
}

/**
 * Where a walk with these options may end: in `to`, or else before any phase that waits for a promotion and at the end of the lifecycle.
 * A walk never goes past one of them, so the one that it comes to is its last.
 */
function lastPhases(lifecycle: Phase[], { to, include = [], override }: ShipOptions): Phase[] {
  if (to !== undefined) return lifecycle.filter(({ environment }) => environment === to);
  const isNamed = ({ environment }: Phase): boolean => include.includes(environment) || override?.from === environment;
  const asked = lifecycle.filter((phase) => !phase.optional || isNamed(phase));
  return asked.filter((_, index) => {
    const following = asked[index + 1];
    return following === undefined || (following.promotion === 'manual' && !isNamed(following));
  });
}
