/**
 * Every way in which Meridian says no, in one closed list. The code crosses the activity and update boundaries as
 * `ApplicationFailure.type`; the message says what happened, with numbers, why, and what to do.
 */
export const failureCodes = {
  // A region's steps
  RegionUnreachable: { retryable: true },
  DeployFailed: { retryable: false },
  VerifyFailed: { retryable: false },
  DigestMismatch: { retryable: false },
  ArtifactMissing: { retryable: false },
  StepTimedOut: { retryable: false },
  TargetMisconfigured: { retryable: false },
  UndoFailed: { retryable: true },
  Drift: { retryable: false },
  // A database
  DatabaseUnreachable: { retryable: true },
  DatabaseRefused: { retryable: false },
  MigrationRefused: { retryable: false },
  MigrationChanged: { retryable: false },
  MigrationBlocked: { retryable: true },
  MigrationFailed: { retryable: false },
  SchemaIncompatible: { retryable: false },
  ContractTooEarly: { retryable: false },
  ReplicaLagging: { retryable: true },
  // A soak
  RegionRegressed: { retryable: false },
  ErrorBudgetSpent: { retryable: false },
  NoData: { retryable: false },
  MetricSourceFailed: { retryable: true },
  SoakInconclusive: { retryable: false },
  CheckBroken: { retryable: false },
  // Gates
  ApprovalRejected: { retryable: false },
  ApprovalExpired: { retryable: false },
  GateExpired: { retryable: false },
  GateFailed: { retryable: false },
  PlanChanged: { retryable: false },
  // Variables
  VariableMissing: { retryable: false },
  TemplateInvalid: { retryable: false },
  // Refused requests
  InvalidRequest: { retryable: false },
  PipelineNotFound: { retryable: false },
  RolloutNotFound: { retryable: false },
  ReleaseUnknown: { retryable: false },
  ReleaseChanged: { retryable: false },
  NothingToDo: { retryable: false },
  EnvironmentBusy: { retryable: false },
  PhaseNotVerified: { retryable: false },
  ReleaseBlocked: { retryable: false },
  ResidencyViolated: { retryable: false },
  HotfixRefused: { retryable: false },
  FreezeNotFound: { retryable: false },
  BlockNotFound: { retryable: false },
  ScheduleNotFound: { retryable: false },
  SoakNotFound: { retryable: false },
  DecisionRefused: { retryable: false },
  RoleMissing: { retryable: false },
  StarterMayNotApprove: { retryable: false },
  IdempotencyKeyReused: { retryable: false },
  Internal: { retryable: false },
} as const;

export type FailureCode = keyof typeof failureCodes;

/** A failure with a code, thrown by rules, adapters and activities alike. */
export class MeridianFailure extends Error {
  override readonly name = 'MeridianFailure';
  readonly code: FailureCode;
  readonly retryable: boolean;

  constructor(code: FailureCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? failureCodes[code].retryable;
  }
}

export const isFailureCode = (text: unknown): text is FailureCode => typeof text === 'string' && Object.hasOwn(failureCodes, text);
