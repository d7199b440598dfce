import { didYouMean } from './nearest-name.js';
import type { PipelineDocument, Variable } from './schema/pipeline.js';
import { scopeOf, tieMessage } from './variables.js';

/** Something that is wrong with a document, and where: `variables[2].values[0].region`. */
export interface VariableProblem {
  path: string;
  message: string;
}

/** The sections that variables are held against. */
type Sections = Pick<PipelineDocument, 'variables' | 'regions' | 'lifecycle'>;

/** What the variables of a document get wrong between themselves and its regions, which the schema cannot see. Empty when all is well. */
export function variableProblems(document: Sections): VariableProblem[] {
  return document.variables.flatMap((variable, index) => {
    const path = `variables[${index}]`;
    const repeated = document.variables.findIndex((other) => other.name === variable.name) < index;
    return [
      ...(repeated ? [{ path: `${path}.name`, message: `${variable.name} is declared more than once. Put all its values under one entry.` }] : []),
      ...ties(variable).map((message) => ({ path: `${path}.values`, message })),
      ...unknownScopes(document, variable, path),
    ];
  });
}

function ties(variable: Variable): string[] {
  const scopes = variable.values.map(scopeOf);
  const messages = variable.values.filter((_, index) => scopes.indexOf(scopes[index]!) < index).map((value) => tieMessage(variable, value));
  return [...new Set(messages)];
}

function unknownScopes(document: Sections, variable: Variable, path: string): VariableProblem[] {
  const known = { environment: document.lifecycle.map((phase) => phase.environment), region: Object.keys(document.regions) };
  return variable.values.flatMap((value, index) =>
    (['environment', 'region'] as const).flatMap((scope) => {
      const name = value[scope];
      if (name === undefined || known[scope].includes(name)) return [];
      const message = `${variable.name} has a value for the ${scope} ${name}, which the pipeline does not have (${known[scope].join(', ')}).${didYouMean(name, known[scope])}`;
      return [{ path: `${path}.values[${index}].${scope}`, message }];
    }));
}
