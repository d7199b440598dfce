import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { channelOptions } from '../../src/http/temporal/channel-options.js';

it('a call that waits for its next try fails when the connection is closed, and the process lives on', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1', ...channelOptions });
  const answer = connection.workflowService.describeNamespace({ namespace: 'default' }).then(String, String);
  await sleep(50); // It has been refused once by now, and its next try is due.
  await connection.close();
  expect(await answer).toContain('CANCELLED');
});
