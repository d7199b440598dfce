import type { Gate } from '../../schema/gate.js';
import type { Phase } from '../../schema/pipeline.js';

/** A gate of a document, and where it stands. */
export interface StandingGate {
  gate: Gate;
  phase: Phase;
  /** Only before a region is there a region that it could speak of. */
  before: 'phase' | 'wave' | 'region';
  pointer: string;
}

/** Every gate of a lifecycle, in the order of the document. */
export const gatesOf = (lifecycle: Phase[]): StandingGate[] => lifecycle.flatMap((phase, index) => gatesOfPhase(phase, `/lifecycle/${index}`));

export const gatesOfPhase = (phase: Phase, pointer: string): StandingGate[] => [
  ...phase.gates.map((gate, index): StandingGate => ({ gate, phase, before: 'phase', pointer: `${pointer}/gates/${index}` })),
  ...phase.waveGates.map((gate, index): StandingGate => ({ gate, phase, before: 'wave', pointer: `${pointer}/waveGates/${index}` })),
  ...phase.regionGates.map((gate, index): StandingGate => ({ gate, phase, before: 'region', pointer: `${pointer}/regionGates/${index}` })),
];
