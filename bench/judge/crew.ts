import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, Row } from './work.js';

/** What a worker answers. */
export type Answer = { rows: Row[] } | { error: string };

/** Does jobs on so many processes, one at a time each, and gives the rows in the order of the jobs. */
export async function doAll(jobs: Job[], processes: number, onDone: (done: number) => void = () => undefined): Promise<Row[]> {
  const rows: Row[][] = [];
  let next = 0;
  let done = 0;
  const serve = async (worker: ChildProcess): Promise<void> => {
    while (next < jobs.length) {
      const mine = next++;
      rows[mine] = await ask(worker, jobs[mine] as Job);
      onDone(++done);
    }
  };
  const crew = Array.from({ length: Math.min(processes, jobs.length) }, () => fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  }));
  try {
    await Promise.all(crew.map(serve));
  } finally {
    crew.forEach((worker) => worker.kill());
  }
  return rows.flat();
}

async function ask(worker: ChildProcess, job: Job): Promise<Row[]> {
  const answer = await new Promise<Answer>((resolve, reject) => {
    const left = (code: number | null): void => reject(new Error(`a worker left with ${code} in ${job.scenario}`));
    worker.once('exit', left);
    worker.once('message', (message: Answer) => {
      worker.off('exit', left);
      resolve(message);
    });
    worker.send(job);
  });
  if ('error' in answer) throw new Error(`${job.scenario} ${job.from}–${job.to}: ${answer.error}`);
  return answer.rows;
}
