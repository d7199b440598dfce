import { checksAreWatched, checkNamesAreUnique } from './document-rules/check-rules.js';
import { environmentsAreUnique, gateNamesAreUnique, wavesNameRegionsOnce } from './document-rules/lifecycle-rules.js';
import { pairsExist } from './document-rules/region-rules.js';
import type { DocumentError, Rule, Section } from './document-rules/rule.js';
import { phaseSoaksFit, soakFits } from './document-rules/soak-rules.js';
import { secretsAreDeclared, templatesNameVariables } from './document-rules/template-rules.js';
import { variablesFitPlaces } from './document-rules/variable-rules.js';
import type { PipelineDocument } from './schema/pipeline.js';

export type { DocumentError, Section } from './document-rules/rule.js';

const rules: readonly Rule[] = [
  pairsExist,
  environmentsAreUnique,
  wavesNameRegionsOnce,
  gateNamesAreUnique,
  soakFits,
  phaseSoaksFit,
  checkNamesAreUnique,
  checksAreWatched,
  variablesFitPlaces,
  templatesNameVariables,
  secretsAreDeclared,
];

/**
 * What a document gets wrong between its sections, which no schema sees; empty when all is well. Sections that are `broken` (the
 * schema refused them) are left alone, so that a person reads every error at once and none that only follows from another.
 */
export function documentErrors(document: Partial<PipelineDocument>, broken: readonly Section[] = []): DocumentError[] {
  const whole = document as PipelineDocument;
  return rules.filter(({ reads }) => !reads.some((section) => broken.includes(section))).flatMap((rule) => rule.check(whole));
}
