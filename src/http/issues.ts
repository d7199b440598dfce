import type { z } from 'zod';
import { didYouMean } from '../rollout/nearest-name.js';
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

function wrongType(types: string[], input: unknown, path: Path): string {
  const expected = `expected ${types.map((type) => typeNames[type] ?? type).join(' or ')}`;
  if (input === undefined) return `missing; ${expected}`;
  if (isStructure(input)) return `${expected}, got ${structureName(input)}`;
  return `${expected}${got(input, path)}${types.includes('string') && typeof input === 'number' ? '; write it in quotes' : ''}`;
}

function wrongValue(allowed: string[], input: unknown, path: Path): string {
  const choice = `allowed: ${allowed.join(', ')}`;
  if (input === undefined) return `missing; ${choice}`;
  return `${choice}${got(input, path)}.${typeof input === 'string' ? didYouMean(input, allowed) : ''}`;
}

/** The branch that comes nearest to what was sent speaks for the whole union: all of them together would bury the one that matters. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): InputError[] {
  if ('options' in issue && Array.isArray(issue.options)) {
    return [at(path, wrongValue(issue.options.map(String), fieldOf(issue.input, path.at(-1)), path))];
  }
  const nearest = issue.errors.toSorted((a, b) => distanceOf(a) - distanceOf(b))[0];
  if (nearest === undefined) return [at(path, issue.message)];
  const types = issue.errors.map(wholeTypeOf);
  if (types.every((type) => type !== undefined)) {
    return [at(path, wrongType(types, issue.input, path))];
  }
  return nearest.flatMap((each) => explainIssue(each, path));
}

/** How far a branch is from what was sent: a branch of another type altogether is farthest. */
const distanceOf = (issues: Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : issue.path.length === 0 ? 100 : 1), 0);

const wholeTypeOf = ([first]: Issue[]): string | undefined =>
  first?.code === 'invalid_type' && first.path.length === 0 ? first.expected : undefined;

const fieldOf = (input: unknown, key: PropertyKey | undefined): unknown =>
  typeof input === 'object' && input !== null && key !== undefined && Object.hasOwn(input, key) ? Reflect.get(input, key) : undefined;

function readable(issue: Issue): string {
  if (issue.code === 'too_small') return `needs at least ${amount(Number(issue.minimum), issue.origin)}`;
  if (issue.code === 'too_big') return `takes at most ${amount(Number(issue.maximum), issue.origin)}`;
  return issue.message;
}

const units: Record<string, string> = { string: 'character', array: 'item' };

const amount = (bound: number, origin: string): string =>
  units[origin] === undefined ? String(bound) : `${bound} ${units[origin]}${bound === 1 ? '' : 's'}`;

/** The detail of an error without what was sent, for input that may be a secret anywhere. */
export const withoutValue = (detail: string): string => detail.replace(/; got .*$/s, '');

const got = (input: unknown, path: Path): string => (isPrivate(path) || isStructure(input) ? '' : `; got ${show(input)}`);

/** What may be a secret is never repeated: a secret given as a literal is just what is refused there. */
const isPrivate = (path: Path): boolean => (path[0] === 'variables' && path.includes('values')) || path.includes('config');

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
