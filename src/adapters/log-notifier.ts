import type { Logger } from 'pino';
import type { Notice, Notifier } from '../../activities/ports/notifier.js';

/** ERROR wakes a person; WARN is read the next morning; INFO is the story. */
const levels = {
  stuck: 'error', failed: 'error', regressed: 'error', held: 'warn', 'rolled-back': 'warn', aborted: 'warn', waiting: 'info', succeeded: 'info',
} as const satisfies Record<Notice['kind'], string>;

/** Tells people through the log of the worker, one line a notice. */
export const logNotifier = (logger: Logger): Notifier => ({
  async notify({ pipeline, rollout, kind, text }) {
    logger[levels[kind]]({ pipeline, rollout, kind }, text);
  },
});
