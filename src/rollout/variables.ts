import { MeridianFailure } from './failure.js';
import type { PipelineDocument, Variable, VariableValue } from './schema/pipeline.js';

/** Where a release runs. */
export interface Place {
  environment: string;
  region: string;
}

/** A literal, or a reference that only the worker can resolve. */
export type VariableSource = { value: string } | Pick<Extract<VariableValue, { from: unknown }>, 'from'>;

/** The value of one variable in one place, references still unresolved: safe to keep in a workflow's history. */
export interface ResolvedVariable {
  name: string;
  secret: boolean;
  source: VariableSource;
}

export interface MissingVariable extends Place {
  variable: string;
}

/**
 * Every variable that has a value in `place`, each with its most specific one: region and environment over region over
 * environment over default. Throws `InvalidRequest` when two values of one variable are equally specific.
 */
export function variablesFor(document: PipelineDocument, place: Place): ResolvedVariable[] {
  return document.variables.flatMap((variable) => {
    const value = mostSpecific(variable, place);
    return value === undefined ? [] : [{ name: variable.name, secret: variable.secret, source: sourceOf(value) }];
  });
}

/** Every required variable without a value in one of `places`, all at once. */
export function missingVariables(document: PipelineDocument, places: Place[]): MissingVariable[] {
  const required = document.variables.filter((variable) => variable.required);
  return required.flatMap((variable) =>
    places
      .filter((place) => mostSpecific(variable, place) === undefined)
      .map(({ environment, region }) => ({ variable: variable.name, environment, region })));
}

/** One message that names every missing value: `2 required values are missing: CURRENCY in staging/frankfurt and …` */
export function describeMissing(missing: MissingVariable[]): string {
  const places = new Map<string, string[]>();
  for (const { variable, environment, region } of missing) {
    places.set(variable, [...(places.get(variable) ?? []), `${environment}/${region}`]);
  }
  const named = [...places].map(([variable, where]) => `${variable} in ${listed(where)}`).join('; ');
  const count = missing.length === 1 ? '1 required value is missing' : `${missing.length} required values are missing`;
  return `${count}: ${named}. Give each a value under the pipeline's variables.`;
}

function mostSpecific(variable: Variable, place: Place): VariableValue | undefined {
  const candidates = variable.values.filter((value) => applies(value, place));
  const best = Math.max(...candidates.map(specificity));
  const [winner, rival] = candidates.filter((value) => specificity(value) === best);
  if (winner !== undefined && rival !== undefined) throw new MeridianFailure('InvalidRequest', tieMessage(variable, winner));
  return winner;
}

const applies = (value: VariableValue, place: Place): boolean =>
  (value.region === undefined || value.region === place.region) &&
  (value.environment === undefined || value.environment === place.environment);

/** Region counts more than environment: the same currency in staging and production, another one in each region. */
const specificity = (value: VariableValue): number =>
  (value.region === undefined ? 0 : 2) + (value.environment === undefined ? 0 : 1);

const sourceOf = (value: VariableValue): VariableSource =>
  'from' in value ? { from: value.from } : { value: String(value.value) };

/** The scope of a value in words; equal for two values that tie. */
export const scopeOf = (value: VariableValue): string =>
  [value.environment && `environment ${value.environment}`, value.region && `region ${value.region}`]
    .filter(Boolean)
    .join(' and ') || 'every place (the default)';

export const tieMessage = (variable: Variable, value: VariableValue): string =>
  `${variable.name} has more than one value for ${scopeOf(value)}: none is more specific than the other. Keep one.`;

const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
