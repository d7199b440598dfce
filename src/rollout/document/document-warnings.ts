import { databaseWarnings } from './database-warnings.js';
import { missingIn } from './missing.js';
import { soakWarnings } from './soak-warnings.js';
import { describeMissing } from './variables.js';
import { planPhase } from '../plan/plan-phase.js';
import { prepared } from '../plan/plan-question.js';
import { planWarnings } from '../plan/plan-warnings.js';
import type { PipelineDocument } from '../schema/pipeline.js';

/**
 * What an experienced person would ask about a document: values that regions lack, which refuse every rollout there, what is asked of the
 * databases and soaks, and the warnings of every phase, for a release that is new everywhere. Never throws.
 */
export function documentWarnings(document: PipelineDocument): string[] {
  const question = prepared({ document, revision: 1, release: 'any', options: { lane: 'normal', rehearse: false }, verified: {}, board: [] });
  const missing = missingIn(document);
  const lacks = missing.length === 0 ? [] : [`${describeMissing(missing)} Until then nothing is shipped there.`];
  return [...lacks, ...databaseWarnings(document), ...soakWarnings(document), ...planWarnings(question, document.lifecycle.map((phase) => planPhase(question, phase)).filter(({ waves }) => waves.length > 0))];
}
