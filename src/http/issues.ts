import type { z } from 'zod';
import { didYouMean, nearestName } from '../rollout/nearest-name.js';
import type { InputError } from './validation.js';

type Issue = z.core.$ZodIssue;
type Path = PropertyKey[];

/** For each a nearest name is looked for, and the sender decides how many there are. */
const maxKeys = 100;

/** One issue of zod in words: what was sent, what is allowed, and the nearest name for a likely typo. Each unknown key is an error of its own. */
export function explainIssue(issue: Issue, above: Path = []): InputError[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, maxKeys).map((key) => unknownKey([...path, key], key, knownKeys(issue)));
    case 'invalid_union':
      return explainUnion(issue, path);
    case 'invalid_key':
      return [at(path, `${issue.issues[0]?.message ?? 'not a name that is allowed here'}; got ${show(issue.input)}`)];
    case 'invalid_type':
      return [at(path, wrongType([issue.expected], issue.input, path))];
    case 'invalid_value':
      return [at(path, wrongValue(issue.values.map(String), issue.input, path))];
    default:
      return [at(path, `${readable(issue)}${got(issue.input, path)}`)];
  }
}

/** RFC 6901. */
const jsonPointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const at = (path: Path, detail: string): InputError => ({ pointer: jsonPointer(path), detail });

const knownKeys = (issue: Issue): string[] => ('known' in issue ? (issue.known as string[]) : []);

const unknownKey = (path: Path, key: string, known: string[]): InputError =>
  at(path, known.length === 0 ? 'unknown key' : `unknown key; allowed: ${known.join(', ')}.${didYouMean(key, known)}`);

function wrongType(types: string[], input: unknown, path: Path, texts: string[] = []): string {
  const names = new Set([...texts, ...types.map((type) => typeNames[type] ?? type)]);
  const expected = `expected ${[...names].join(' or ')}`;
  if (input === undefined) return `missing; ${expected}`;
  if (isStructure(input)) return `${expected}, got ${structureName(input)}`;
  return `${expected}${got(input, path)}${types.includes('string') && typeof input === 'number' ? '; write it in quotes' : ''}`;
}

function wrongValue(allowed: string[], input: unknown, path: Path): string {
  const choice = `allowed: ${allowed.join(', ')}`;
  if (input === undefined) return `missing; ${choice}`;
  return `${choice}${got(input, path)}.${typeof input === 'string' ? didYouMean(input, allowed) : ''}`;
}

/** What zod says of a union that has no words of its own. */
const generic = 'Invalid input';

/**
 * A union's own words, if its schema has some. Where what was sent is of no branch at all, everything that it could be; otherwise the branch
 * that comes nearest speaks for all: together they would bury the one that matters.
 */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): InputError[] {
  if ('options' in issue && Array.isArray(issue.options)) {
    return [at(path, wrongValue(issue.options.map(String), fieldOf(issue.input, path.at(-1)), path))];
  }
  if (issue.message !== generic) return [at(path, `${issue.message}${got(issue.input, path)}`)];
  const forms = issue.errors.map(formsOf);
  if (forms.every((each) => each !== undefined)) return [at(path, noForm(forms.flat(), issue.input, path))];
  const nearest = issue.errors.toSorted((a, b) => distanceOf(a) - distanceOf(b))[0];
  return nearest?.flatMap((each) => explainIssue(each, path)) ?? [at(path, issue.message)];
}

/** One thing that a value could be: a type, or a very text. */
interface Form {
  kind: 'type' | 'text';
  name: string;
}

/** What a branch takes, where the whole of what was sent is of another form. */
function formsOf([first]: Issue[]): Form[] | undefined {
  if (first === undefined || first.path.length > 0) return undefined;
  if (first.code === 'invalid_type') return [{ kind: 'type', name: first.expected }];
  if (first.code === 'invalid_value') return first.values.map((value) => ({ kind: 'text', name: String(value) }));
  return undefined;
}

function noForm(forms: Form[], input: unknown, path: Path): string {
  const of = (wanted: Form['kind']): string[] => [...new Set(forms.filter(({ kind }) => kind === wanted).map(({ name }) => name))];
  const texts = of('text');
  const near = typeof input === 'string' ? didYouMean(input, texts) : '';
  return `${wrongType(of('type'), input, path, texts)}${near && `.${near}`}`;
}

/** How far a branch is from what was sent: one of another form altogether is farthest, and a likely typo is nearer than a strange key. */
const distanceOf = (issues: Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? strangeness(issue) : isOfAnotherForm(issue) ? 100 : 1), 0);

const isOfAnotherForm = (issue: Issue): boolean => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');

const strangeness = (issue: z.core.$ZodIssueUnrecognizedKeys): number =>
  issue.keys.slice(0, maxKeys).reduce((sum, key) => sum + (nearestName(key, knownKeys(issue)) === undefined ? 1 : 0.5), 0);

const fieldOf = (input: unknown, key: PropertyKey | undefined): unknown =>
  typeof input === 'object' && input !== null && key !== undefined && Object.hasOwn(input, key) ? Reflect.get(input, key) : undefined;

function readable(issue: Issue): string {
  if ((issue.code === 'too_small' || issue.code === 'too_big') && issue.inclusive === false) return outside(issue);
  if (issue.code === 'too_small') return `needs at least ${amount(Number(issue.minimum), issue.origin)}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return 'write a time with its offset, such as 2026-11-22T01:00:00Z';
  if (issue.code === 'too_big') return `takes at most ${amount(Number(issue.maximum), issue.origin)}`;
  return issue.message;
}

/** A bound that is itself not allowed. */
const outside = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string =>
  (issue.code === 'too_small' ? `must be more than ${issue.minimum}` : `must be less than ${issue.maximum}`);

const units: Record<string, string> = { string: 'character', array: 'item' };

const amount = (bound: number, origin: string): string =>
  units[origin] === undefined ? String(bound) : `${bound} ${units[origin]}${bound === 1 ? '' : 's'}`;

/** The detail of an error without what was sent, for input that may be a secret anywhere. */
export const withoutValue = (detail: string): string => detail.replace(/; got .*$/s, '');

const got = (input: unknown, path: Path): string => (isPrivate(path) || isStructure(input) ? '' : `; got ${show(input)}`);

/** What may be a secret is never repeated: a secret given as a literal is just what is refused there. */
const isPrivate = (path: Path): boolean => (path[0] === 'variables' && (path.includes('values') || path.includes('default'))) || path.includes('config');

const isStructure = (input: unknown): boolean => input === undefined || (typeof input === 'object' && input !== null);

const structureName = (input: unknown): string => (Array.isArray(input) ? typeNames.array! : typeNames.object!);

const maxShown = 60;

function show(input: unknown): string {
  const text = typeof input === 'number' ? String(input) : JSON.stringify(input);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

const typeNames: Record<string, string> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false',
  array: 'a list', object: 'an object', record: 'an object',
};
