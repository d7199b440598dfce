import { parentPort } from 'node:worker_threads';
import { replayFile, type ReplayJob } from './replay-file.js';

/** Answers each job, in the order in which they came. */
let before: Promise<void> = Promise.resolve();

async function answer(earlier: Promise<void>, job: ReplayJob): Promise<void> {
  await earlier;
  const replayed = await replayFile(job);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin.
  parentPort!.postMessage(replayed);
}

parentPort!.on('message', (job: ReplayJob) => {
  before = answer(before, job);
});
