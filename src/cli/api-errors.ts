import { z } from 'zod';

/** What the CLI reads of an RFC 9457 problem. Loose: an older or newer API may say more, or less. */
export const Problem = z.looseObject({
  title: z.string().default('The request was refused'),
  status: z.number().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.looseObject({ pointer: z.string().default(''), detail: z.string() })).default([]),
});
export type Problem = z.infer<typeof Problem>;

/** The API answered, and said no. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = status;
    this.problem = problem;
  }
}

/** No answer arrived. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
  readonly url: string;
  /** Nobody listens there: the request was certainly not received. */
  readonly isRefused: boolean;

  constructor(url: string, reason: string, options: { isRefused: boolean; cause: unknown }) {
    super(reason, { cause: options.cause });
    this.url = url;
    this.isRefused = options.isRefused;
  }
}

/** Something answered that is not this version of Meridian. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** A command that cannot be carried out as it was given; the message says what to do instead. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}
