import { availableParallelism } from 'node:os';
import { replayFile, type ReplayedFile, type ReplayJob } from './replay-file.js';
import { startReplayThread } from './replay-thread.js';

/** A thread takes about as long to start as a few soaks take to judge. */
const worthThreads = 8;
/** Soaks of each thread that may be ready before the one that is printed next: what is ready waits in memory. */
const ahead = 4;

/** Replays every file, in their order; on all cores when there are many. */
export async function* replayFiles(jobs: ReplayJob[]): AsyncGenerator<ReplayedFile> {
  const cores = availableParallelism();
  // Standard input belongs to this thread.
  if (jobs.length < worthThreads || cores === 1 || jobs.some(({ file }) => file === '-')) {
    for (const job of jobs) yield await replayFile(job);
  } else {
    yield* replayOnThreads(jobs, cores);
  }
}

async function* replayOnThreads(jobs: ReplayJob[], cores: number): AsyncGenerator<ReplayedFile> {
  const threads = Array.from({ length: cores }, startReplayThread);
  try {
    const replays: Promise<ReplayedFile>[] = [];
    for (const [at, job] of jobs.entries()) {
      replays.push(threads[at % cores]!.replay(job));
      if (replays.length === cores * ahead) yield await replays.shift()!;
    }
    for (const replay of replays) yield await replay;
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}
