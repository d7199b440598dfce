import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscribeToCalendar } from '../../activities/subscribe-to-calendar.js';
import { loadConfig } from '../../src/config.js';
import { keepCalendar } from '../../src/keep-calendar.js';
import { calendarWorkflowId } from '../../src/rollout/ids.js';
import { startWorker } from '../../src/worker.js';
import { calendarQuery } from '../../workflows/messages/calendar.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';
import { gateDependencies } from './gates/gate-work.js';

// There is one calendar in a namespace of Temporal, so each test has a namespace of its own.
let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
});
afterAll(() => connection.close());

const clientOf = (namespace: string): Client => new Client({ connection, namespace });

async function register(namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  // The server's parts hear of it one after the other.
  await waitFor(`${namespace} is usable`, () => connection.workflowService.countWorkflowExecutions({ namespace, query: `WorkflowType='calendar'` }));
}

async function newNamespace(): Promise<string> {
  const namespace = `calendar-${randomUUID()}`;
  await register(namespace);
  return namespace;
}

/** Runs of the calendar that are open. */
async function runs(namespace: string): Promise<string[]> {
  const { executions } = await connection.workflowService.listOpenWorkflowExecutions({ namespace, executionFilter: { workflowId: calendarWorkflowId } });
  return (executions ?? []).map(({ execution }) => execution!.runId!);
}

const aCalendar = (namespace: string): Promise<string[]> =>
  waitFor('the calendar is listed', async () => {
    const found = await runs(namespace);
    return found.length > 0 ? found : undefined;
  });

/** The pipelines that have asked to be told, in order. */
async function subscribers(client: Client): Promise<unknown[]> {
  const { events } = await client.workflow.getHandle(calendarWorkflowId).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    (signal?.signalName === 'subscribe' ? [defaultPayloadConverter.fromPayload(signal.input!.payloads![0]!)] : []));
}

const silentLog = pino({ level: 'silent' });

describe('a pipeline that subscribes', () => {
  it('finds a calendar, which is started where there is none, and is on its list', async () => {
    const client = clientOf(await newNamespace());
    const subscribe = (pipeline: string) =>
      new MockActivityEnvironment({ taskQueue: 'meridian' }).run(subscribeToCalendar(gateDependencies({ client })), { pipeline });
    await subscribe('shop');
    await subscribe('ledger');
    expect(await subscribers(client)).toEqual([{ pipeline: 'shop' }, { pipeline: 'ledger' }]);
    expect(await client.workflow.getHandle(calendarWorkflowId).describe()).toMatchObject({ type: 'calendar', taskQueue: 'meridian', status: { name: 'RUNNING' } });
  });
});

describe('keeping the calendar', () => {
  it('starts one, however many workers start at once, and leaves the one that runs alone', async () => {
    const namespace = await newNamespace();
    const started: string[] = [];
    const listener: WorkflowClientInterceptor = {
      async startWithDetails(input, next) {
        const output = await next(input);
        started.push(output.runId);
        return output;
      },
    };
    const client = new Client({ connection, namespace, interceptors: { workflow: [listener] } });
    const keepers = Array.from({ length: 8 }, () => keepCalendar(client, 'meridian', silentLog));
    await waitFor('every worker is answered', () => started.length === 8);
    await Promise.all(keepers.map((keeper) => keeper.stop()));
    expect(new Set(started).size).toBe(1);
  });

  it('goes on trying while Temporal refuses, says so, and ends at once when it is stopped', async () => {
    const namespace = `calendar-${randomUUID()}`;
    const said: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
    const hopeless = keepCalendar(clientOf(`never-${randomUUID()}`), 'meridian', log);
    const patient = keepCalendar(clientOf(namespace), 'meridian', log);
    await waitFor('the refusals are told', () => said.length >= 2);
    expect(said[0]).toContain('the calendar of freezes and blocks cannot be started');
    await register(namespace);
    expect(await aCalendar(namespace)).toHaveLength(1);
    await Promise.all([patient.stop(), hopeless.stop()]);
  });

  it('is what every worker does that starts', async () => {
    const namespace = await newNamespace();
    const config = loadConfig({
      MERIDIAN_TASK_QUEUE: 'meridian', MERIDIAN_TEMPORAL_PORT: temporalAddress().split(':')[1], TEMPORAL_NAMESPACE: namespace, MERIDIAN_LOG_LEVEL: 'silent',
    });
    const workers = await Promise.all([startWorker(config), startWorker(config)]);
    try {
      expect(await aCalendar(namespace)).toHaveLength(1);
      const ask = () => clientOf(namespace).workflow.getHandle(calendarWorkflowId).query(calendarQuery);
      expect(await waitFor('the calendar answers', ask)).toEqual({ freezes: [], blocks: [] });
    } finally {
      await Promise.all(workers.map((worker) => worker.shutdown()));
    }
  });
});
