import { parentPort, workerData } from 'node:worker_threads';
import { openJudge } from '../../../src/judge/soak-judge.js';
import type { Lesson } from './learn.js';

const { soak, past } = workerData as Lesson;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin.
parentPort!.postMessage(openJudge(soak, past).save());
