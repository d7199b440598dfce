import { MeridianFailure } from '../failure.js';
import { placeKey, placeOf, type Place } from '../places.js';
import type { MissingVariable } from '../schema/missing.js';
import type { PipelineDocument, Variable, VariableValue } from '../schema/pipeline.js';

/** A literal, or a reference that only the worker can resolve. */
export type VariableSource = { value: string } | Pick<Extract<VariableValue, { from: unknown }>, 'from'>;

/** The value of one variable in one place, references still unresolved: safe to keep in a workflow's history. */
export interface ResolvedVariable {
  name: string;
  secret: boolean;
  source: VariableSource;
}

/** Where a value is asked for: a place, or an environment as a whole. */
export type VariableScope = Pick<Place, 'environment' | 'tenant'> & { region?: string | undefined };

/**
 * Every variable that has a value in `scope`, each with its most specific one: tenant over region over environment over the value
 * without any, over `default`. Values for a region or a tenant are none of an environment as a whole. Throws `InvalidRequest` when two
 * values of one variable are equally specific.
 */
export function variablesFor(document: Pick<PipelineDocument, 'variables'>, scope: VariableScope): ResolvedVariable[] {
  return document.variables.flatMap((variable) => {
    const source = sourceIn(variable, scope);
    return source === undefined ? [] : [{ name: variable.name, secret: variable.secret, source }];
  });
}

/** Every required variable without a value in one of `places`, all at once. */
export function missingVariables(document: Pick<PipelineDocument, 'variables'>, places: Place[]): MissingVariable[] {
  const required = document.variables.filter((variable) => variable.required);
  return required.flatMap((variable) =>
    places.filter((place) => sourceIn(variable, place) === undefined).map((place) => missingFrom(variable, place)));
}

const missingFrom = ({ name, label, help, type, options, secret }: Variable, place: Place): MissingVariable => ({
  variable: name,
  ...(label !== undefined && { label }),
  ...(help !== undefined && { help }),
  type,
  ...(options !== undefined && { options }),
  secret,
  ...placeOf(place),
});

/** One message that names every missing value: `2 required values are missing: CURRENCY in staging/frankfurt and …` */
export function describeMissing(missing: MissingVariable[]): string {
  const places = new Map<string, string[]>();
  for (const each of missing) places.set(each.variable, [...(places.get(each.variable) ?? []), placeKey(each)]);
  const named = [...places].map(([variable, where]) => `${variable} in ${listed(where)}`).join('; ');
  const count = missing.length === 1 ? '1 required value is missing' : `${missing.length} required values are missing`;
  return `${count}: ${named}. Give each a value under the pipeline's variables.`;
}

function sourceIn(variable: Variable, scope: VariableScope): VariableSource | undefined {
  const value = mostSpecific(variable, scope);
  if (value === undefined) return variable.default === undefined ? undefined : { value: String(variable.default) };
  return 'from' in value ? { from: value.from } : { value: String(value.value) };
}

function mostSpecific(variable: Variable, scope: VariableScope): VariableValue | undefined {
  const candidates = variable.values.filter((value) => applies(value, scope));
  const best = Math.max(...candidates.map(specificity));
  const [winner, rival] = candidates.filter((value) => specificity(value) === best);
  if (winner !== undefined && rival !== undefined) throw new MeridianFailure('InvalidRequest', tieMessage(variable, winner));
  return winner;
}

const applies = (value: VariableValue, scope: VariableScope): boolean =>
  (value.tenant === undefined || value.tenant === scope.tenant) &&
  (value.region === undefined || value.region === scope.region) &&
  (value.environment === undefined || value.environment === scope.environment);

/**
 * A tenant counts more than region and environment together, and a region more than an environment: the same currency in staging and
 * production, another one in each region, and that of the one customer who pays in dollars everywhere. No two scopes weigh the same.
 */
const specificity = (value: VariableValue): number =>
  (value.tenant === undefined ? 0 : 4) + (value.region === undefined ? 0 : 2) + (value.environment === undefined ? 0 : 1);

/** The scope of a value in words; equal for two values that tie. */
export const scopeOf = (value: VariableValue): string =>
  [value.environment && `environment ${value.environment}`, value.region && `region ${value.region}`, value.tenant && `tenant ${value.tenant}`]
    .filter(Boolean)
    .join(' and ') || 'every place (the default)';

export const tieMessage = (variable: Variable, value: VariableValue): string =>
  `${variable.name} has more than one value for ${scopeOf(value)}: none is more specific than the other. Keep one.`;

const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
