/** What a person can decide about a rollout. Each is an Update and a Signal of the same name. */
export const decisionKinds = ['pause', 'resume', 'approve', 'reject', 'abort', 'rollback', 'retry', 'skip'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** These change or end something that others rely on: whoever takes them says why. */
const withReason: readonly DecisionKind[] = ['abort', 'rollback', 'reject', 'skip'];

export const needsReason = (kind: DecisionKind): boolean => withReason.includes(kind);
