import type { Answer } from './crew.js';
import { work, type Job } from './work.js';

// Started by crew.ts.
process.on('message', (job: Job) => {
  process.send?.(answerOf(job));
});

function answerOf(job: Job): Answer {
  try {
    return { rows: work(job) };
  } catch (error) {
    return { error: (error as Error).stack ?? String(error) };
  }
}
