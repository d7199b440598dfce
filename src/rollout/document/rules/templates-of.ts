import type { Database } from '../../schema/database.js';
import type { Gate } from '../../schema/gate.js';
import type { Phase, PipelineDocument } from '../../schema/pipeline.js';
import { templateNames } from '../templates.js';
import { gatesOf, type StandingGate } from './gates-of.js';

/** A text in which names are filled in, and where that happens. */
export interface TemplateText {
  pointer: string;
  text: string;
  /** The phases that use it. */
  phases: Phase[];
  /** Only a region has a name, a tenant, and values of its own. */
  before: StandingGate['before'];
}

/** Names that have no value before a phase or a wave. */
export const namesOfRegions: readonly string[] = ['region.name', 'tenant.name'];

/** Every text of a document that is a template. */
export const templatesOf = ({ target, database, metrics, checks, lifecycle }: Pick<PipelineDocument, 'target' | 'database' | 'metrics' | 'checks' | 'lifecycle'>): TemplateText[] => [
  ...regionTexts(target, '/target', lifecycle.filter((phase) => phase.target === undefined)),
  ...regionTexts(metrics, '/metrics', lifecycle.filter((phase) => phase.metrics === undefined)),
  ...regionTexts(checks, '/checks', lifecycle),
  ...lifecycle.flatMap((phase, index) => [
    ...regionTexts(phase.target, `/lifecycle/${index}/target`, [phase]),
    ...regionTexts(phase.metrics, `/lifecycle/${index}/metrics`, [phase]),
  ]),
  ...databaseTemplatesOf({ database, lifecycle }),
  ...gateTemplatesOf(lifecycle),
];

/** Every database of a document, and the phases that use it. */
export const databasesIn = ({ database, lifecycle }: Pick<PipelineDocument, 'database' | 'lifecycle'>): { pointer: string; database: Database; phases: Phase[] }[] => [
  ...(database === undefined ? [] : [{ pointer: '/database', database, phases: lifecycle.filter((phase) => phase.database === undefined) }]),
  ...lifecycle.flatMap((phase, index) => (phase.database === undefined ? [] : [{ pointer: `/lifecycle/${index}/database`, database: phase.database, phases: [phase] }])),
];

const databaseTemplatesOf = (document: Pick<PipelineDocument, 'database' | 'lifecycle'>): TemplateText[] =>
  databasesIn(document).flatMap(({ pointer, database: { url, lag = {} }, phases }) => [...regionTexts({ url }, pointer, phases), ...regionTexts(lag, `${pointer}/lag`, phases)]);

/** What is asked for the lag, and shown to people. */
export const lagQuestionsOf = (document: Pick<PipelineDocument, 'database' | 'lifecycle'>): TemplateText[] =>
  databaseTemplatesOf(document).filter(({ pointer }) => /\/lag\/\w+$/.test(pointer));

export const gateTemplatesOf = (lifecycle: Phase[]): TemplateText[] =>
  gatesOf(lifecycle).flatMap(({ gate, phase, before, pointer }) =>
    textsIn(templatesOfGate(gate), pointer).map((text) => ({ ...text, phases: [phase], before })));

const regionTexts = (settings: unknown, pointer: string, phases: Phase[]): TemplateText[] =>
  textsIn(settings, pointer).map((text) => ({ ...text, phases, before: 'region' }));

function templatesOfGate(gate: Gate): Record<string, unknown> {
  switch (gate.type) {
    case 'metric':
      return { query: gate.query };
    case 'alerts':
      return { labels: gate.labels };
    case 'dependency':
      return { release: gate.release };
    case 'webhook':
      return { url: gate.url };
    case 'approval':
    case 'window':
      return {};
  }
}

/** Every text in a value, at any depth. */
export function textsIn(value: unknown, pointer: string): { pointer: string; text: string }[] {
  if (typeof value === 'string') return [{ pointer, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsIn(child, `${pointer}/${key}`));
}

/** The names that a text asks for; none when it does not parse, which another rule tells. */
export function namesIn(text: string): string[] {
  try {
    return templateNames(text).map(({ name }) => name);
  } catch {
    return [];
  }
}
