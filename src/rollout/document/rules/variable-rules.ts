import type { PipelineDocument, VariableValue } from '../../schema/pipeline.js';
import { scopeOf, tieMessage } from '../variables.js';
import { fewOf, repeated, rule, shortened, unknownName, type DocumentError } from './rule.js';

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

/** A value for a place that is not there would never be used: most likely its name is mistyped. */
export const valuesNamePlaces = rule(['variables', 'regions', 'tenants', 'lifecycle'], (document) => {
  const known = {
    environment: document.lifecycle.map((phase) => phase.environment), region: Object.keys(document.regions), tenant: Object.keys(document.tenants ?? {}),
  };
  const strange = valuesOf(document).flatMap(({ value, pointer }) => (['environment', 'region', 'tenant'] as const).flatMap((scope) => {
    const name = value[scope];
    return name === undefined || known[scope].includes(name) ? [] : [{ pointer: `${pointer}/${scope}`, scope, name }];
  }));
  return fewOf(strange).map(({ pointer, scope, name }) => ({ pointer, message: unknownName(scope, name, known[scope]) }));
});

/** Nor would one for a tenant where it does not live. Names that are not there are told by the rule above. */
export const valuesFindTenantsAtHome = rule(['variables', 'regions', 'tenants'], ({ variables, regions, tenants = {} }) =>
  valuesOf({ variables }).flatMap(({ value: { tenant, region }, pointer }): DocumentError[] => {
    if (tenant === undefined || region === undefined || !Object.hasOwn(tenants, tenant) || !Object.hasOwn(regions, region)) return [];
    const homes = tenants[tenant]!.regions;
    return homes.includes(region) ? [] : [{ pointer: `${pointer}/region`, message: `${tenant} does not live in ${region}; it lives in ${shortened(homes)}` }];
  }));

const valuesOf = ({ variables }: Pick<PipelineDocument, 'variables'>): { value: VariableValue; pointer: string }[] =>
  variables.flatMap(({ values }, index) => values.map((value, number) => ({ value, pointer: `/variables/${index}/values/${number}` })));
