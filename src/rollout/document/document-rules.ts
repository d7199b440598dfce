import { checkBoundsCanBeMet, checksAreWatched, checkNamesAreUnique, queriesCanBeAsked } from './rules/check-rules.js';
import { databasesKeepTheirPasswords, databaseTimesFit, lagsAreMeasured } from './rules/database-rules.js';
import {
  dependenciesAreOthers, gateBoundsCanBeMet, gateNamesAreFree, gateNamesAreUnique, gatesHaveMetrics, windowsHaveTheirHours,
} from './rules/gate-rules.js';
import { gateMetricsHaveAddresses, gateVariablesHaveValues } from './rules/gate-template-rules.js';
import { environmentsAreUnique, somePhaseIsRequired, walksBeginByThemselves } from './rules/lifecycle-rules.js';
import { pairsExist, regionsAreShippedTo } from './rules/region-rules.js';
import { residencyIsKept, residencyRulesConcernSomebody } from './rules/residency-rules.js';
import type { DocumentError, Rule, Section } from './rules/rule.js';
import { questionsHoldNoSecret, secretsAreDeclared } from './rules/secret-rules.js';
import { errorBudgetIsCounted, hotfixSoakFits, hotfixSoakLooksTwice, phaseSoaksFit, soakFits } from './rules/soak-rules.js';
import { templatesNameVariables, templatesParse, tenantNamesHaveTenants } from './rules/template-rules.js';
import { placesAreBounded, tenantsLiveInRegions } from './rules/tenant-rules.js';
import { defaultsStandAlone, valuesDoNotTie, valuesFindTenantsAtHome, valuesNamePlaces, variableNamesAreUnique } from './rules/variable-rules.js';
import { optionsAreUnique, valuesFitTypes } from './rules/variable-type-rules.js';
import { computedWavesAreBounded, rollingHasOneConcurrency, wavesKeepPairsApart, wavesNameRegionsOnce } from './rules/wave-rules.js';
import type { PipelineDocument } from '../schema/pipeline.js';

export type { DocumentError, Section } from './rules/rule.js';

const rules: readonly Rule[] = [
  pairsExist,
  regionsAreShippedTo,
  tenantsLiveInRegions,
  placesAreBounded,
  residencyIsKept,
  residencyRulesConcernSomebody,
  environmentsAreUnique,
  somePhaseIsRequired,
  walksBeginByThemselves,
  wavesNameRegionsOnce,
  wavesKeepPairsApart,
  computedWavesAreBounded,
  rollingHasOneConcurrency,
  gateNamesAreUnique,
  gateNamesAreFree,
  windowsHaveTheirHours,
  gatesHaveMetrics,
  gateBoundsCanBeMet,
  dependenciesAreOthers,
  soakFits,
  phaseSoaksFit,
  hotfixSoakFits,
  hotfixSoakLooksTwice,
  errorBudgetIsCounted,
  checkNamesAreUnique,
  checkBoundsCanBeMet,
  checksAreWatched,
  queriesCanBeAsked,
  variableNamesAreUnique,
  optionsAreUnique,
  valuesFitTypes,
  valuesDoNotTie,
  defaultsStandAlone,
  valuesNamePlaces,
  valuesFindTenantsAtHome,
  templatesParse,
  templatesNameVariables,
  tenantNamesHaveTenants,
  gateVariablesHaveValues,
  gateMetricsHaveAddresses,
  secretsAreDeclared,
  questionsHoldNoSecret,
  databasesKeepTheirPasswords,
  databaseTimesFit,
  lagsAreMeasured,
];

/**
 * What a document gets wrong between its sections, which no schema sees; empty when all is well. Sections that are `broken` (the
 * schema refused them) are left alone, so that a person reads every error at once and none that only follows from another.
 */
export function documentErrors(document: Partial<PipelineDocument>, broken: readonly Section[] = []): DocumentError[] {
  const whole = document as PipelineDocument;
  return rules.filter(({ reads }) => !reads.some((section) => broken.includes(section))).flatMap((rule) => rule.check(whole));
}
