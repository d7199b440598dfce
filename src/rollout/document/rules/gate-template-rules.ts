import type { Metrics } from '../../schema/check.js';
import type { Phase, PipelineDocument } from '../../schema/pipeline.js';
import { variablesFor } from '../variables.js';
import { gatesOf } from './gates-of.js';
import { rule } from './rule.js';
import { gateTemplatesOf, namesIn, namesOfRegions, textsIn } from './templates-of.js';

/** Before a phase or a wave there is no region: a variable needs a value there that is not one region's or tenant's. */
export const gateVariablesHaveValues = rule(['lifecycle', 'variables'], ({ lifecycle, variables }) => [
  ...gateTemplatesOf(lifecycle).flatMap(({ pointer, text, phases, before }) =>
    phases.flatMap((phase) => namesIn(text).map((name) => ({ pointer, phase, name, before })))),
  ...gatesOf(lifecycle).flatMap(({ gate, phase, pointer, before }) =>
    gate.type === 'webhook' && gate.secret !== undefined ? [{ pointer: `${pointer}/secret`, phase, name: gate.secret, before }] : []),
]
  .filter(({ before, name, phase }) => before !== 'region' && isOnlyOfRegions({ variables }, phase, name))
  .map(({ pointer, phase, name, before }) => ({
    pointer,
    message: `${name} has no value for ${phase.environment} as a whole, and before a ${before} there is no region. Give it one without region and tenant, or put the gate under regionGates`,
  })));

/** Such a gate asks the metrics of its phase, which then cannot be those of one region. */
export const gateMetricsHaveAddresses = rule(['metrics', 'lifecycle', 'variables'], (document) =>
  gatesOf(document.lifecycle).flatMap(({ gate, phase, before, pointer }) => {
    if (before === 'region' || (gate.type !== 'metric' && gate.type !== 'alerts')) return [];
    const regional = namesOfMetrics(phase.metrics ?? document.metrics).find((name) => namesOfRegions.includes(name) || isOnlyOfRegions(document, phase, name));
    if (regional === undefined) return [];
    const message = `the metrics of ${phase.environment} need ${regional}, which only a region has, and before a ${before} there is none. Put the gate under regionGates`;
    return [{ pointer, message }];
  }));

const namesOfMetrics = (metrics: Metrics | undefined): string[] => [
  ...textsIn(metrics, '').flatMap(({ text }) => namesIn(text)),
  ...(metrics?.type === 'prometheus' && metrics.bearerToken !== undefined ? [metrics.bearerToken] : []),
  ...(metrics?.type === 'webhook' && metrics.secret !== undefined ? [metrics.secret] : []),
];

/** Whether a variable has values, but none for an environment as a whole. */
function isOnlyOfRegions({ variables }: Pick<PipelineDocument, 'variables'>, { environment }: Phase, name: string): boolean {
  const variable = variables.find((each) => each.name === name);
  return variable !== undefined && variablesFor({ variables: [variable] }, { environment }).length === 0;
}
