import type { ApprovalGate } from '../schema/gate.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';

/**
 * The document with an approval before the first phase in which these one-way migrations are contracted, after every other gate there: who
 * approves says yes to what cannot be undone, and to nothing else.
 */
export function withPointOfNoReturn(document: PipelineDocument, oneWay: { name: string }[], environment: string | undefined): PipelineDocument {
  if (oneWay.length === 0) return document;
  return {
    ...document,
    lifecycle: document.lifecycle.map((phase) => (phase.environment === environment ? { ...phase, gates: [...phase.gates, approvalOf(document, phase)] } : phase)),
  };
}

function approvalOf(document: PipelineDocument, phase: Phase): ApprovalGate {
  const settings = (phase.database ?? document.database)?.pointOfNoReturn;
  return { name: freeName(phase), type: 'approval', roles: settings?.roles ?? ['admin'], approvals: 1, notStarter: false, timeout: settings?.timeout ?? '7d' };
}

/** One that no other gate of the phase has: people approve a gate by its name. */
function freeName({ gates, waveGates, regionGates }: Phase): string {
  const taken = [...gates, ...waveGates, ...regionGates].map(({ name }) => name);
  return ['point-of-no-return', ...taken.map((_, index) => `point-of-no-return-${index + 2}`)].find((name) => !taken.includes(name))!;
}
