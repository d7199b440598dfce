import { z } from 'zod';
import type { RequestError } from './problems.js';
import { explainIssue } from './issues.js';

/** Where a person finds what is wrong, and why it is. */
export type InputError = Omit<RequestError, 'in'>;

export type Checked<T> = { ok: true; value: T } | { ok: false; errors: InputError[] };

/** More would help nobody, and the sender decides how many there are. */
const maxErrors = 100;

/** Holds `input` against a schema. Every error at once, each saying what was sent and what is allowed. */
export function check<Schema extends z.ZodType>(schema: Schema, input: unknown): Checked<z.infer<Schema>> {
  const result = schema.safeParse(input, { reportInput: true, error: rememberKnownKeys });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, errors: result.error.issues.slice(0, maxErrors).flatMap((issue) => explainIssue(issue)).slice(0, maxErrors) };
}

export const locate = (errors: InputError[], place: RequestError['in']): RequestError[] =>
  errors.slice(0, maxErrors).map((error) => ({ in: place, ...error }));

/**
 * zod shows the schema of an issue only to its error map, so the names that an object knows are noted there, for the list of what is
 * allowed. Gives no message: those are made in issues.ts.
 */
const rememberKnownKeys: z.core.$ZodErrorMap = (issue) => {
  const schema: unknown = issue.inst;
  if (issue.code === 'unrecognized_keys' && schema instanceof z.ZodObject) Object.assign(issue, { known: Object.keys(schema.shape) });
  return undefined;
};
