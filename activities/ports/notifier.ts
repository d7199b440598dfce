/** Something a person should know. */
export interface Notice {
  pipeline: string;
  /** Absent where there is no rollout: one that could not be started. */
  rollout?: string;
  kind: 'waiting' | 'held' | 'stuck' | 'rolled-back' | 'succeeded' | 'aborted' | 'failed' | 'regressed';
  text: string;
}

/** Tells people. A notifier that fails never blocks a rollout. */
export interface Notifier {
  notify(notice: Notice): Promise<void>;
}
