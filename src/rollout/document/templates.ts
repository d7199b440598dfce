import mustache from 'mustache';
import { MeridianFailure } from '../failure.js';
import { didYouMean } from '../nearest-name.js';

// mustache would keep every template that it has seen for as long as the process lives.
mustache.templateCache = undefined;

/** What templates may name: the variables of a place by name, and `region.name`, `tenant.name`, `environment`, `release.version`. */
export interface TemplateContext {
  variables: Record<string, string>;
  environment: string;
  /** Absent for a gate before a phase or a wave: it has no region. */
  region?: string | undefined;
  tenant?: string | undefined;
  /** Version of the release that the step is about; null, written as nothing, when there is none. */
  release: string | null;
}

/** A name that a template asks for, and where it stands: `deploy[1]`. */
export interface TemplateName {
  name: string;
  path: string;
}

/** Names that templates may use besides the variables of their pipeline. Without a region there are neither `region.name` nor `tenant.name`. */
export const builtInNames = ['region.name', 'tenant.name', 'environment', 'release.version'] as const;

/**
 * A copy of `settings` with every string in it filled in, at any depth; what is filled in is not read as a template again.
 * Throws `TemplateInvalid` for a name without a value here, and for any tag that is not a plain `{{ NAME }}`.
 */
export function fillIn<T>(settings: T, context: TemplateContext): T {
  const values = valuesOf(context);
  const where = [context.environment, context.region, context.tenant].filter((name) => name !== undefined).join('/');
  return mapStrings(settings, '', (text, path) => parseTemplate(text, path).map((part) => fillPart(part, values, { path, where })).join(''));
}

const valuesOf = ({ variables, environment, region, tenant, release }: TemplateContext): Map<string, string> =>
  new Map(Object.entries({
    ...variables,
    ...(region !== undefined && { 'region.name': region }),
    ...(tenant !== undefined && { 'tenant.name': tenant }),
    environment,
    'release.version': release ?? '',
  }));

/** Every name that the strings of `settings` ask for. Throws `TemplateInvalid` for a tag that is not a plain `{{ NAME }}`. */
export function templateNames(settings: unknown): TemplateName[] {
  const names: TemplateName[] = [];
  mapStrings(settings, '', (text, path) => {
    for (const part of parseTemplate(text, path)) if (part.kind === 'name') names.push({ name: part.text, path });
    return text;
  });
  return names;
}

interface Part {
  kind: 'text' | 'name';
  text: string;
}

const tagKinds: Record<string, string> = {
  '#': 'a section', '^': 'an inverted section', '>': 'a partial', '&': 'an unescaped tag', '!': 'a comment', '=': 'a change of delimiters',
};

/** Only double braces are templates: the single braces of PromQL stay as they are. */
function parseTemplate(template: string, path: string): Part[] {
  // Most strings are none, and a watch fills in the same ones at every look.
  if (!template.includes('{{')) return [{ kind: 'text', text: template }];
  return tokensOf(template, path).map(([kind, text]) => {
    if (kind === 'text') return { kind, text };
    if (kind === 'name' && text !== '') return { kind, text };
    const found = kind === 'name' ? 'an empty tag' : `${tagKinds[kind] ?? 'a tag'} (${JSON.stringify(`${kind}${text}`)})`;
    throw new MeridianFailure('TemplateInvalid', `${at(path)}${found} stands between double braces. Write {{ NAME }} and nothing else.`);
  });
}

function tokensOf(template: string, path: string): [kind: string, text: string][] {
  try {
    return mustache.parse(template).map(([kind, text]) => [kind, text]);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new MeridianFailure('TemplateInvalid', `${at(path)}the template does not parse (${problem}). Write {{ NAME }} and nothing else.`, { cause });
  }
}

function fillPart(part: Part, values: Map<string, string>, { path, where }: { path: string; where: string }): string {
  if (part.kind === 'text') return part.text;
  const value = values.get(part.text);
  if (value !== undefined) return value;
  const known = [...values.keys()];
  throw new MeridianFailure(
    'TemplateInvalid',
    `${at(path)}{{ ${part.text} }} has no value in ${where}.${didYouMean(part.text, known)} `
    + 'Declare it under the pipeline\'s variables and give it a value there.',
  );
}

const at = (path: string): string => (path === '' ? '' : `${path}: `);

function mapStrings<T>(value: T, path: string, change: (text: string, path: string) => string): T;
function mapStrings(value: unknown, path: string, change: (text: string, path: string) => string): unknown {
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((item: unknown, index): unknown => mapStrings(item, `${path}[${index}]`, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, path === '' ? key : `${path}.${key}`, change)]));
}
