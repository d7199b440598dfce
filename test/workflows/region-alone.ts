import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type History, type WorkflowBundle } from '@temporalio/worker';
import type { Conclusion, SoakQuestion } from '../../activities/conclude-soak.js';
import type { SoakWork } from '../../activities/work.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import type { DecisionKind } from '../../src/rollout/schema/decision.js';
import type { RegionState } from '../../src/rollout/schema/rollout.js';
import { regionReportSignal, type RegionReport } from '../../workflows/messages/rollout.js';
import {
  comparisonSignal, regionDecisionSignal, regionQuery, soakNewsSignal, type SoakFinding, type SoakNews,
} from '../../workflows/messages/region.js';
import type { RegionInput, RegionResult } from '../../workflows/region/run.js';
import { soakQueueOf } from '../../workflows/task-queues.js';
import { documentFor, onlySydney } from '../support/stage.js';
import { waitFor } from '../support/wait-for.js';

/** What the activities of a soak answer. The watch of a test that tells its news itself never ends by itself. */
export interface Answers {
  watchSoak(work: SoakWork): Promise<Conclusion>;
  concludeSoak(question: SoakQuestion): Promise<Conclusion>;
}

export interface RegionAlone {
  handle: WorkflowHandle;
  state(): Promise<RegionState>;
  /** What it has told its rollout, oldest first. */
  reports(): Promise<RegionReport[]>;
  /** Once Temporal has taken what this activity gives back. */
  untilTaken(activity: keyof Answers): Promise<void>;
  /** Once everybody whom it has told something has been told: it waits. */
  untilQuiet(): Promise<void>;
  /** Replays what has happened, told in another way; fails where the story would go otherwise. */
  replay(told: (history: History) => History): Promise<void>;
  until(what: string, holds: (state: RegionState) => boolean): Promise<RegionState>;
  /** As the watch does it. */
  tell(news: Partial<SoakNews> & { number: number }): Promise<void>;
  decide(kind: DecisionKind, reason: string): Promise<void>;
  result(): Promise<RegionResult>;
}

/** The workflow of one region on a real server, without a rollout: the test says what its activities answer, and in what order it is told what. */
export interface RegionStage {
  begin(soak: Record<string, unknown>, answers: Answers): Promise<RegionAlone>;
  /** What was undone, of all regions, by workflow. */
  undone: string[];
  /** Nobody tells the stories on: what happens meanwhile comes in one workflow task. */
  stopStories(): Promise<void>;
  startStories(): Promise<void>;
  close(): Promise<void>;
}

export const finding = (decision: SoakFinding['decision'], explanation: string = decision): SoakFinding => ({ decision, explanation, checks: [] });
export const never = (): Promise<never> => new Promise(() => {});

export async function openRegionStage(address: string): Promise<RegionStage> {
  const taskQueue = `region-${randomUUID().slice(0, 8)}`;
  const answers = new Map<string, Answers>();
  const undone: string[] = [];
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname, logger: new DefaultLogger('WARN') });
  const done = async (): Promise<{ status: 'done' }> => ({ status: 'done' });
  const story = {
    currentRelease: async () => ({ version: '1.0.0' }), baseline: async () => null, deployRegion: done, verifyRegion: done,
    undoRegion: async ({ rollout }: { rollout: string }) => void undone.push(rollout),
    concludeSoak: (question: SoakQuestion) => answers.get(question.workflowId)!.concludeSoak(question),
  };
  const watches = { watchSoak: (work: SoakWork) => answers.get(work.workflowId)!.watchSoak(work) };
  const watcher = await running(Worker.create({ connection: native, taskQueue: soakQueueOf(taskQueue), activities: watches, shutdownGraceTime: 0, shutdownForceTime: '1 second' }));
  const actor = await running(Worker.create({ connection: native, taskQueue, activities: story, shutdownForceTime: '1 second' }));
  const startStories = (): Promise<() => Promise<void>> => running(Worker.create({ connection: native, taskQueue, workflowBundle, shutdownForceTime: '1 second' }));
  let stopStories = await startStories();
  return {
    undone,
    async begin(soak, given) {
      const rollout = `shop-${randomUUID().slice(0, 8)}`;
      const workflowId = `rollout/${rollout}/production/sydney`;
      answers.set(workflowId, given);
      const handle = await client.workflow.start('region', { workflowId, taskQueue, args: [inputFor(rollout, soak)] });
      const region = alone(handle, workflowBundle);
      const { soak: begun } = await region.until('the soak to begin', ({ status }) => status === 'soaking');
      await handle.signal(comparisonSignal, { soak: begun!.startedAt, controls: [], carried: {}, budgetLeft: null });
      return region;
    },
    stopStories: () => stopStories(),
    async startStories() {
      stopStories = await startStories();
    },
    async close() {
      await stopStories();
      await actor();
      await watcher();
      await native.close();
      await connection.close();
    },
  };
}

/** Gives what stops it. */
async function running(created: Promise<Worker>): Promise<() => Promise<void>> {
  const worker = await created;
  const run = worker.run();
  return async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await run.catch(() => undefined); // a watch that never ends is left behind
  };
}

function inputFor(rollout: string, soak: Record<string, unknown>): RegionInput {
  const place = { environment: 'production', region: 'sydney' };
  const document = documentFor('shop', { ...onlySydney, soak: { interval: '1s', minSamples: 100, ...soak } });
  return {
    ...place, pipeline: 'shop', rollout, wave: 0, attempt: 1, release: { version: '1.1.0' }, plan: 'plan', settings: regionSettings(document, place),
    gateSettings: { metrics: null, variables: [], timezone: null, offPeak: null, places: [] }, staleBaseline: 'hold', rehearse: false, work: 'ship', migrations: [], lacking: [], left: [], claimant: rollout,
    approved: [], overridden: [],
    holds: { freezes: [], drained: null, isPaused: false, isHeld: false, newer: null },
  };
}

function alone(handle: WorkflowHandle, workflowBundle: WorkflowBundle): RegionAlone {
  const state = (): Promise<RegionState> => handle.query(regionQuery);
  return {
    handle,
    state,
    until: (what, holds) => waitFor(what, async () => {
      const seen = await state();
      return holds(seen) ? seen : undefined;
    }),
    async reports() {
      const { events } = await handle.fetchHistory();
      const told = (events ?? []).map((event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes);
      return told.flatMap((signal) => (signal?.signalName === regionReportSignal.name ? [defaultPayloadConverter.fromPayload<RegionReport>(signal.input!.payloads![0]!)] : []));
    },
    async untilTaken(activity) {
      await waitFor(`${activity} to be over`, async () => {
        const { raw } = await handle.describe();
        return raw.pendingActivities?.every(({ activityType }) => activityType?.name !== activity);
      });
    },
    async untilQuiet() {
      await waitFor('the region to wait', async () => {
        const { events } = await handle.fetchHistory();
        return Boolean(events?.at(-1)?.workflowTaskCompletedEventAttributes);
      });
    },
    async replay(told) {
      await Worker.runReplayHistory({ workflowBundle }, told(await handle.fetchHistory()), handle.workflowId);
    },
    async tell(news) {
      await handle.signal(soakNewsSignal, { soak: (await state()).soak!.startedAt, ...news });
    },
    async decide(kind, reason) {
      await handle.signal(regionDecisionSignal, { kind, decision: { by: 'ben', roles: [], reason } });
    },
    result: () => handle.result() as Promise<RegionResult>,
  };
}
