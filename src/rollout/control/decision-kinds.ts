/** What a person can decide about a rollout. Each is an Update and a Signal of the same name. */
export const decisionKinds = ['pause', 'resume', 'approve', 'reject', 'abort', 'rollback', 'retry', 'skip', 'promote', 'override'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** These change or end something that others rely on: whoever takes them says why. */
const withReason: readonly DecisionKind[] = ['abort', 'rollback', 'reject', 'skip', 'override'];

export const needsReason = (kind: DecisionKind): boolean => withReason.includes(kind);

/** What each decision does, in the words of the command line and of the Temporal UI. */
export const decisionHelp: Record<DecisionKind, string> = {
  pause: 'start nothing new; the watch goes on',
  resume: 'go on after a pause, try again after a hold, or start a scheduled rollout now',
  approve: 'let a rollout through a gate',
  reject: 'refuse at a gate: what is not finished is undone, and the rollout ends',
  abort: 'end it: regions that are live stay, the others are undone',
  rollback: 'undo every region of the rollout, in reverse order',
  retry: 'try an undo again that is stuck',
  skip: 'give up on an undo that is stuck (a person sees to that region), or go on without a drained region',
  promote: 'ship the release on to the next environment, as soon as it is verified here',
  override: 'open a gate against its rule; shown for ever',
};
