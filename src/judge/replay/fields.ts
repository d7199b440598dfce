import { Misfit, quoted } from './unreadable.js';

/** A JSON object, whose keys may be anything, `__proto__` too: ask for what it has of its own. */
export type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export function fieldsOf(value: unknown, what: string): Fields {
  if (isObject(value)) return value;
  throw new Misfit(`${what} is an object; found ${quoted(value)}`);
}

/** The value of a key; undefined where it is not there or `null`. */
export const fieldOf = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] ?? undefined : undefined);

/** What a number may be, and how that is said. */
export interface Range {
  says: string;
  allows(value: number): boolean;
}

export const anyNumber: Range = { says: 'a number', allows: () => true };
export const positive: Range = { says: 'a number above 0', allows: (value) => value > 0 };
export const notNegative: Range = { says: 'a number, 0 or more', allows: (value) => value >= 0 };

export function optionalNumber(fields: Fields, key: string, range: Range): number | undefined {
  const value = fieldOf(fields, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value) && range.allows(value)) return value;
  throw new Misfit(`${key} is ${range.says}; found ${quoted(value)}`);
}

export function numberAt(fields: Fields, key: string, range: Range): number {
  const value = optionalNumber(fields, key, range);
  if (value === undefined) throw new Misfit(`${key} is missing: ${range.says}`);
  return value;
}

export function nameAt(fields: Fields, key: string): string {
  const value = fieldOf(fields, key);
  if (typeof value === 'string' && value !== '') return value;
  throw new Misfit(`${key} is a name; found ${quoted(value)}`);
}

export function optionalChoice<Choice extends string>(fields: Fields, key: string, choices: readonly Choice[]): Choice | undefined {
  const value = fieldOf(fields, key);
  if (value === undefined) return undefined;
  const choice = choices.find((allowed) => allowed === value);
  if (choice === undefined) throw new Misfit(`${key} is ${choices.join(', ')}; found ${quoted(value)}`);
  return choice;
}

export function choiceAt<Choice extends string>(fields: Fields, key: string, choices: readonly Choice[]): Choice {
  const choice = optionalChoice(fields, key, choices);
  if (choice === undefined) throw new Misfit(`${key} is missing: ${choices.join(', ')}`);
  return choice;
}

export function optionalFlag(fields: Fields, key: string): boolean | undefined {
  const value = fieldOf(fields, key);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new Misfit(`${key} is true or false; found ${quoted(value)}`);
}

/** The same values by the same keys. Built from entries: a key `__proto__` that is assigned would vanish. */
export const mapFields = <Value>(fields: Fields, map: (value: unknown, key: string) => Value): Record<string, Value> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, map(value, key)]));

/** Keys that nobody reads: most often typing errors. */
export const unknownKeys = (fields: Fields, known: readonly string[]): string[] =>
  Object.keys(fields).filter((key) => !known.includes(key));
