import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Look } from '../../../src/judge/sample.js';
import type { JudgedSoak } from '../../../src/judge/soak.js';
import { openJudge, restoreJudge, type JudgeState, type SoakJudge } from '../../../src/judge/soak-judge.js';

/** What a judge begins from. */
export interface Lesson {
  soak: JudgedSoak;
  past: Look[];
}

/** As many samples cost less than a thread does. */
const fewSamples = 5_000;

/**
 * A judge that has learned from the past. A day of it is seconds of work, and hundreds of soaks look and are told of on the thread that
 * would do it: so it has a thread of its own.
 */
export async function learn(lesson: Lesson, signal: AbortSignal): Promise<SoakJudge> {
  if (samplesIn(lesson.past) < fewSamples) return openJudge(lesson.soak, lesson.past);
  const thread = new Worker(new URL('./start-thread.js', import.meta.url), { workerData: lesson });
  try {
    const [state] = (await once(thread, 'message', { signal })) as [JudgeState];
    return restoreJudge(state);
  } finally {
    await thread.terminate();
  }
}

const samplesIn = (past: Look[]): number =>
  past.reduce((sum, { checks }) => sum + Object.values(checks).reduce((count, { controls }) => count + 1 + Object.keys(controls).length, 0), 0);
