import { didYouMean } from '../nearest-name.js';
import type { PipelineDocument, Variable } from '../schema/pipeline.js';
import { builtInNames, templateNames } from '../templates.js';
import { rule, type DocumentError } from './rule.js';

type Templated = Pick<PipelineDocument, 'target' | 'metrics' | 'checks' | 'lifecycle' | 'variables'>;

/** Every `{{ NAME }}` is a variable of the pipeline or built in: a typo is found here and not in the middle of a rollout. */
export const templatesNameVariables = rule(['target', 'metrics', 'checks', 'lifecycle', 'variables'], (document) => {
  const known = [...document.variables.map(({ name }) => name), ...builtInNames];
  return templatesIn(document).flatMap((template) => templateErrors(template, known));
});

/** What signs a webhook or opens a Prometheus is named, never written down: the name is a secret variable. */
export const secretsAreDeclared = rule(['target', 'metrics', 'lifecycle', 'variables'], (document) =>
  secretsIn(document).flatMap(({ pointer, name }) => secretErrors(pointer, name, document.variables)));

interface Named {
  pointer: string;
  name: string;
}

interface Template {
  pointer: string;
  text: string;
}

const templatesIn = ({ target, metrics, checks, lifecycle }: Templated): Template[] => [
  ...textsIn(target, '/target'),
  ...textsIn(metrics, '/metrics'),
  ...textsIn(checks, '/checks'),
  ...lifecycle.flatMap((phase, index) => [
    ...textsIn(phase.target, `/lifecycle/${index}/target`),
    ...textsIn(phase.metrics, `/lifecycle/${index}/metrics`),
  ]),
];

function textsIn(value: unknown, pointer: string): Template[] {
  if (typeof value === 'string') return [{ pointer, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsIn(child, `${pointer}/${key}`));
}

function templateErrors({ pointer, text }: Template, known: string[]): DocumentError[] {
  const names = namesIn(text);
  if (!Array.isArray(names)) return [{ pointer, message: names.problem }];
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      pointer,
      message: `{{ ${name} }} is neither a variable of the pipeline nor built in; known: ${known.join(', ')}.${didYouMean(name, known)}`,
    }));
}

function namesIn(text: string): string[] | { problem: string } {
  try {
    return templateNames(text).map(({ name }) => name);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

const secretsIn = ({ target, metrics, lifecycle }: Omit<Templated, 'checks'>): Named[] => [
  ...secretOf(target, '/target'),
  ...secretOf(metrics, '/metrics'),
  ...lifecycle.flatMap((phase, index) => [
    ...secretOf(phase.target, `/lifecycle/${index}/target`),
    ...secretOf(phase.metrics, `/lifecycle/${index}/metrics`),
  ]),
];

function secretOf(settings: PipelineDocument['target'] | PipelineDocument['metrics'], pointer: string): Named[] {
  const [key, name] =
    settings?.type === 'webhook' ? ['secret', settings.secret]
    : settings?.type === 'prometheus' ? ['bearerToken', settings.bearerToken]
    : [];
  return key === undefined || name === undefined ? [] : [{ pointer: `${pointer}/${key}`, name }];
}

function secretErrors(pointer: string, name: string, variables: Variable[]): DocumentError[] {
  const variable = variables.find((each) => each.name === name);
  if (variable === undefined) {
    const names = variables.map((each) => each.name);
    return [{ pointer, message: `there is no variable ${name}; variables: ${names.join(', ') || 'none'}.${didYouMean(name, names)}` }];
  }
  if (variable.secret) return [];
  return [{ pointer, message: `the variable ${name} is not a secret; give it secret: true and its values by reference` }];
}
