/** What a person can decide about a rollout. Each is an Update and a Signal of the same name. */
export const decisionKinds = ['pause', 'resume', 'approve', 'reject', 'abort', 'rollback', 'retry', 'skip'] as const;
export type DecisionKind = (typeof decisionKinds)[number];
