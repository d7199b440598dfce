import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';

export const toldSignal = defineSignal('told');

/** Waits for a word, but not for ever; and writes something in the task in which it stops to wait. True when the word came in time. */
export async function untilTold(patienceMs: number): Promise<boolean> {
  let isTold = false;
  setHandler(toldSignal, () => {
    isTold = true;
  });
  const cameInTime = await condition(() => isTold, patienceMs);
  await sleep(1, { summary: 'something written' });
  return cameInTime;
}
