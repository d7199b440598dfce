import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { reachTemporal } from '../../src/http/temporal/reach.js';

/** A client whose calls go nowhere: the work itself is what a test counts. */
const client = {
  connection: {
    withDeadline: <T>(_deadline: number, ask: () => Promise<T>) => ask(),
    withAbortSignal: <T>(_signal: AbortSignal, ask: () => Promise<T>) => ask(),
  },
} as unknown as Client;

it('has fewer updates of one workflow in flight than the ten that Temporal takes, however many there are', async () => {
  const { update } = reachTemporal(client, 'queue');
  let inFlight = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
  };
  await Promise.all(Array.from({ length: 100 }, () => update('pipeline/shop', work)));
  expect(most).toBe(8);
  await Promise.all(Array.from({ length: 20 }, (_, index) => update(`pipeline/shop-${index}`, work)));
  expect(most).toBe(20);
});
