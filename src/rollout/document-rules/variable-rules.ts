import type { PipelineDocument, Variable, VariableValue } from '../schema/pipeline.js';
import { scopeOf, tieMessage } from '../variables.js';
import { repeated, rule, unknownName, type DocumentError } from './rule.js';

export const variableNamesAreUnique = rule(['variables'], ({ variables }) =>
  repeated(variables.map(({ name }) => name), (index) => `/variables/${index}/name`, 'variable'));

/** One value for one scope: neither of two is more specific than the other. */
export const valuesDoNotTie = rule(['variables'], ({ variables }) =>
  variables.flatMap((variable, index) => {
    const tied = new Map<string, VariableValue[]>();
    for (const value of variable.values) tied.set(scopeOf(value), [...(tied.get(scopeOf(value)) ?? []), value]);
    return [...tied.values()].flatMap(([first, second]) =>
      first === undefined || second === undefined ? [] : [{ pointer: `/variables/${index}/values`, message: tieMessage(variable, first) }]);
  }));

/** A value without a scope is for every place, and so is the default. */
export const defaultsStandAlone = rule(['variables'], ({ variables }) =>
  variables.flatMap((variable, index) =>
    variable.default !== undefined && variable.values.some(isForEveryPlace)
      ? [{ pointer: `/variables/${index}/default`, message: `${variable.name} has a value for every place besides: the default would never be used. Keep one` }]
      : []));

const isForEveryPlace = ({ environment, region, tenant }: VariableValue): boolean =>
  environment === undefined && region === undefined && tenant === undefined;

type Sections = Pick<PipelineDocument, 'variables' | 'regions' | 'tenants' | 'lifecycle'>;

/** A value for a place that is not there would never be used: most likely its name is mistyped. */
export const valuesNamePlaces = rule(['variables', 'regions', 'tenants', 'lifecycle'], (document) => {
  const known = {
    environment: document.lifecycle.map((phase) => phase.environment), region: Object.keys(document.regions), tenant: Object.keys(document.tenants ?? {}),
  };
  return valuesOf(document).flatMap(({ value, pointer }) => {
    const strange = (['environment', 'region', 'tenant'] as const).flatMap((scope) => {
      const name = value[scope];
      return name === undefined || known[scope].includes(name) ? [] : [{ pointer: `${pointer}/${scope}`, message: unknownName(scope, name, known[scope]) }];
    });
    return strange.length > 0 ? strange : homeErrors(document, value, pointer);
  });
});

const valuesOf = ({ variables }: Pick<Sections, 'variables'>): { variable: Variable; value: VariableValue; pointer: string }[] =>
  variables.flatMap((variable, index) => variable.values.map((value, number) => ({ variable, value, pointer: `/variables/${index}/values/${number}` })));

function homeErrors({ tenants = {} }: Pick<Sections, 'tenants'>, { tenant, region }: VariableValue, pointer: string): DocumentError[] {
  if (tenant === undefined || region === undefined) return [];
  const { regions } = tenants[tenant]!;
  return regions.includes(region) ? [] : [{ pointer: `${pointer}/region`, message: `${tenant} does not live in ${region}; it lives in ${regions.join(', ')}` }];
}
