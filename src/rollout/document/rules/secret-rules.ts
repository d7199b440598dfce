import type { PipelineDocument, Variable } from '../../schema/pipeline.js';
import { gatesOf } from './gates-of.js';
import { rule, unknownName, type DocumentError } from './rule.js';
import { gateTemplatesOf, lagQuestionsOf, namesIn, textsIn } from './templates-of.js';

/** What signs a webhook or opens a Prometheus is named, never written down: the name is a secret variable. */
export const secretsAreDeclared = rule(['target', 'metrics', 'lifecycle', 'variables'], (document) =>
  secretsIn(document).flatMap(({ pointer, name }) => secretErrors(pointer, name, document.variables)));

/** What a check or a gate asks, and what comes back, is shown to people and stays in the history. The URL of a gate's webhook is not. */
export const questionsHoldNoSecret = rule(['checks', 'database', 'lifecycle', 'variables'], ({ checks, database, lifecycle, variables }) => {
  const secrets = new Set(variables.filter(({ secret }) => secret).map(({ name }) => name));
  const questions = [...textsIn(checks, '/checks'), ...lagQuestionsOf({ database, lifecycle }), ...gateTemplatesOf(lifecycle).filter(({ pointer }) => !webhookUrl.test(pointer))];
  return questions.flatMap(({ pointer, text }) => [...new Set(namesIn(text))].filter((name) => secrets.has(name)).map((name) => ({
    pointer, message: `{{ ${name} }} is a secret, and what is asked here is shown to people. Leave it out, or make it a variable that is none`,
  })));
});

const webhookUrl = /\/(gates|waveGates|regionGates)\/\d+\/url$/;

interface Named {
  pointer: string;
  name: string;
}

const secretsIn = ({ target, metrics, lifecycle }: Pick<PipelineDocument, 'target' | 'metrics' | 'lifecycle'>): Named[] => [
  ...secretOf(target, '/target'),
  ...secretOf(metrics, '/metrics'),
  ...lifecycle.flatMap((phase, index) => [
    ...secretOf(phase.target, `/lifecycle/${index}/target`),
    ...secretOf(phase.metrics, `/lifecycle/${index}/metrics`),
  ]),
  ...gatesOf(lifecycle).flatMap(({ gate, pointer }) =>
    gate.type === 'webhook' && gate.secret !== undefined ? [{ pointer: `${pointer}/secret`, name: gate.secret }] : []),
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
  if (variable === undefined) return [{ pointer, message: unknownName('variable', name, variables.map((each) => each.name)) }];
  if (variable.secret) return [];
  return [{ pointer, message: `the variable ${name} is not a secret; give it secret: true and its values by reference` }];
}
