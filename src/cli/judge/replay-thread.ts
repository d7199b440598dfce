import { Worker } from 'node:worker_threads';
import type { ReplayedFile, ReplayJob } from './replay-file.js';

/** A thread that replays one file after the other. */
export interface ReplayThread {
  /** Rejects when the thread has died. */
  replay(job: ReplayJob): Promise<ReplayedFile>;
  end(): Promise<unknown>;
}

export function startReplayThread(): ReplayThread {
  const worker = new Worker(new URL('./start-thread.js', import.meta.url));
  const waiting: { resolve(replayed: ReplayedFile): void; reject(error: unknown): void }[] = [];
  worker.on('message', (replayed: ReplayedFile) => waiting.shift()!.resolve(replayed));
  worker.on('error', (error) => waiting.splice(0).forEach(({ reject }) => reject(error)));
  return {
    replay(job) {
      const replay = new Promise<ReplayedFile>((resolve, reject) => waiting.push({ resolve, reject }));
      // Whoever waits for an earlier one of this thread hears of its death first.
      replay.catch(() => undefined);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin.
      worker.postMessage(job);
      return replay;
    },
    end: () => worker.terminate(),
  };
}
