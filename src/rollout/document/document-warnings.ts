import { planPhase } from '../plan/plan-phase.js';
import { prepared } from '../plan/plan-question.js';
import { planWarnings } from '../plan/plan-warnings.js';
import type { PipelineDocument } from '../schema/pipeline.js';

/** What an experienced person would ask about a document: the warnings of every phase, for a release that is new everywhere. Never throws. */
export function documentWarnings(document: PipelineDocument): string[] {
  const question = prepared({ document, revision: 1, release: 'any', options: { lane: 'normal', rehearse: false }, verified: {}, board: [] });
  return planWarnings(question, document.lifecycle.map((phase) => planPhase(question, phase)).filter(({ waves }) => waves.length > 0));
}
