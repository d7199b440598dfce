import { gateNeeds } from '../control/gates.js';
import { placesOf } from './plan.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Plan, PlanAnswer, PlannedPhase } from '../schema/plan.js';
import { gatesAt } from '../document/settings.js';

/** Whose word a plan will need, and how often. */
export const approvalsNeeded = (document: PipelineDocument, { phases }: Plan): PlanAnswer['approvals'] =>
  phases.flatMap((phase) => scopes(phase).flatMap(({ scope, times }) =>
    gatesAt(document, phase.environment, scope)
      .filter(({ type }) => type === 'approval')
      .map((gate) => ({ gate: gate.name, environment: phase.environment, scope, times, needs: gateNeeds(gate) }))));

const scopes = (phase: PlannedPhase) => [
  { scope: 'phase', times: 1 } as const,
  { scope: 'wave', times: phase.waves.length } as const,
  { scope: 'region', times: placesOf(phase).length } as const,
];
