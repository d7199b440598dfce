import { z } from 'zod';
import { MeridianFailure, type FailureCode } from '../rollout/failure.js';
import { OutOfReach, type OutOfReachReason } from './temporal/out-of-reach.js';

interface Kind {
  status: number;
  title: string;
}

/** Failure codes of the rules and workflows, as HTTP sees them. Those that no request can cause are ours to mend: 500. */
const failures: Record<FailureCode, Kind> = {
  InvalidRequest: { status: 422, title: 'The request was read and is not right' },
  PipelineNotFound: { status: 404, title: 'There is no such pipeline' },
  RolloutNotFound: { status: 404, title: 'There is no such rollout' },
  ReleaseUnknown: { status: 422, title: 'The release is not known to the pipeline' },
  ReleaseChanged: { status: 409, title: 'A release never changes' },
  NothingToDo: { status: 409, title: 'There is nothing to do' },
  EnvironmentBusy: { status: 409, title: 'Another rollout holds the environment' },
  PlanChanged: { status: 409, title: 'The plan has changed' },
  ReleaseBlocked: { status: 409, title: 'The release is blocked' },
  HotfixRefused: { status: 409, title: 'The hot-fix lane is closed' },
  ResidencyViolated: { status: 422, title: 'The plan would break a rule of residency' },
  FreezeNotFound: { status: 404, title: 'There is no such freeze' },
  BlockNotFound: { status: 404, title: 'There is no such block' },
  ScheduleNotFound: { status: 404, title: 'There is no such schedule' },
  SoakNotFound: { status: 404, title: 'There is no such soak' },
  PhaseNotVerified: { status: 409, title: 'The release is not verified in the phase before' },
  DecisionRefused: { status: 409, title: 'The decision makes no sense now' },
  RoleMissing: { status: 403, title: 'A role is missing' },
  StarterMayNotApprove: { status: 403, title: 'Who started the rollout may not approve it' },
  IdempotencyKeyReused: { status: 422, title: 'The idempotency key was used for another request' },
  VariableMissing: { status: 422, title: 'A required variable has no value' },
  TemplateInvalid: { status: 422, title: 'A template is not right' },
  TargetMisconfigured: { status: 422, title: 'A target is not configured right' },
  CheckBroken: { status: 422, title: 'A check could never fail' },
  ArtifactMissing: { status: 422, title: 'The artifact is missing' },
  DigestMismatch: { status: 422, title: 'The artifact is not what its digest says' },
  ApprovalRejected: { status: 409, title: 'The approval was rejected' },
  ApprovalExpired: { status: 409, title: 'The approval came too late' },
  GateExpired: { status: 409, title: 'A gate did not open in time' },
  GateFailed: { status: 409, title: 'A gate cannot open' },
  MigrationRefused: { status: 422, title: 'A migration could harm those who use the database' },
  MigrationChanged: { status: 409, title: 'A migration never changes once it is known' },
  SchemaIncompatible: { status: 409, title: 'The release does not fit the schema' },
  ContractTooEarly: { status: 409, title: 'The old shape is still needed' },
  Drift: { status: 409, title: 'A region runs something else than the board says' },
  RegionUnreachable: { status: 500, title: 'A region cannot be reached' },
  DatabaseUnreachable: { status: 500, title: 'A database cannot be reached' },
  DatabaseRefused: { status: 500, title: 'A database lets nobody in, or not far enough' },
  MigrationBlocked: { status: 500, title: 'A migration got no lock' },
  MigrationFailed: { status: 500, title: 'A migration failed' },
  ReplicaLagging: { status: 500, title: 'A replica is behind' },
  DeployFailed: { status: 500, title: 'A deploy failed' },
  VerifyFailed: { status: 500, title: 'A region is not healthy' },
  StepTimedOut: { status: 500, title: 'A step took too long' },
  UndoFailed: { status: 500, title: 'An undo failed' },
  RegionRegressed: { status: 500, title: 'A region regressed' },
  ErrorBudgetSpent: { status: 500, title: 'The error budget of a rollout is spent' },
  NoData: { status: 500, title: 'There is no data' },
  SoakInconclusive: { status: 500, title: 'A soak has proven nothing' },
  MetricSourceFailed: { status: 500, title: 'A metric source failed' },
  Internal: { status: 500, title: 'Something went wrong in Meridian' },
};

/** What only HTTP can say. */
const edges = {
  MalformedRequest: { status: 400, title: 'The request cannot be read' },
  Unauthenticated: { status: 401, title: 'Who are you?' },
  HostRefused: { status: 403, title: 'This address is for this machine only' },
  RouteNotFound: { status: 404, title: 'There is nothing at this address' },
  MethodNotAllowed: { status: 405, title: 'This address does not take that method' },
  BodyTooLarge: { status: 413, title: 'The body is too large' },
  MediaTypeUnsupported: { status: 415, title: 'This kind of body is not understood' },
  Overloaded: { status: 429, title: 'Temporal takes no more requests just now' },
  TemporalUnavailable: { status: 503, title: 'Temporal cannot be reached' },
  NoWorker: { status: 503, title: 'No worker answers' },
  TimedOut: { status: 504, title: 'No answer came in time' },
} as const satisfies Record<string, Kind>;

const kinds: Record<ProblemCode, Kind> = { ...failures, ...edges };

export type ProblemCode = FailureCode | keyof typeof edges;

/** Status and title of every problem, by its code. */
export const problemKind = (code: ProblemCode): Kind => kinds[code];

/** One thing that is wrong with a request. */
export const RequestError = z.object({
  in: z.enum(['body', 'query', 'path', 'header']),
  pointer: z.string().describe('JSON pointer to what is wrong; empty for the whole'),
  detail: z.string().describe('What was sent, what is allowed and, for a likely typo, the nearest name'),
});
export type RequestError = z.infer<typeof RequestError>;

/** RFC 9457. `code` is stable; `detail` says what to do. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  errors: z.array(RequestError).optional(),
  rollout: z.unknown().optional().describe('The rollout as it stands (id, status, why), where that is the reason'),
});
export type Problem = z.infer<typeof Problem>;

interface Extras {
  errors?: RequestError[];
  /** The rollout as it stands, where that is the reason. */
  rollout?: unknown;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** Thrown by handlers and answered by the error handler. Everything else that is thrown is answered as `Internal`. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCode;
  readonly extras: Extras;

  constructor(code: ProblemCode, detail: string, extras: Extras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.extras = extras;
  }
}

export function invalidRequest(errors: RequestError[]): HttpProblem {
  const [first, ...others] = errors;
  const detail = first && others.length === 0 ? sentence(first) : `${errors.length} things are not right; see errors.`;
  return new HttpProblem('InvalidRequest', detail, { errors });
}

const sentence = ({ in: place, pointer, detail }: RequestError): string => `${place}${pointer === '' ? '' : ` ${pointer}`}: ${detail}`;

/** Seconds after which it is worth while to ask again. */
const retryAfter: Partial<Record<OutOfReachReason, number>> = { TemporalUnavailable: 2, NoWorker: 5, Overloaded: 1 };

/**
 * Rules throw `MeridianFailure`, the workflows' side `OutOfReach`, HTTP `HttpProblem`; body parsers and the router throw errors with a
 * status of their own.
 */
export function asProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof MeridianFailure) return new HttpProblem(error.code, error.message, { cause: error });
  if (error instanceof OutOfReach) return outOfReach(error);
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return new HttpProblem('BodyTooLarge', 'The body is larger than this address takes.', { cause: error });
  if (status === 415) return new HttpProblem('MediaTypeUnsupported', 'Send the body as it is: compressed bodies are not taken.', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new HttpProblem('MalformedRequest', 'The request cannot be read: its address or its body is broken.', { cause: error });
  }
  return new HttpProblem('Internal', 'Meridian made a mistake. The log has the details under the request id.', { cause: error });
}

function outOfReach(error: OutOfReach): HttpProblem {
  const seconds = retryAfter[error.reason];
  const headers = seconds === undefined ? {} : { 'Retry-After': String(seconds) };
  return new HttpProblem(error.reason, error.message, { cause: error, headers });
}
