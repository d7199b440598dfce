import { ApplicationFailure } from '@temporalio/common';
import type { History } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conclusion } from '../../activities/conclude-soak.js';
import { installRuntime } from '../../src/temporal-runtime.js';
import { temporalAddress } from '../support/temporal.js';
import { waitFor } from '../support/wait-for.js';
import { finding, never, openRegionStage, type RegionStage } from './region-alone.js';

installRuntime({ logLevel: 'silent' });
let stage: RegionStage;
beforeAll(async () => {
  stage = await openRegionStage(temporalAddress());
});
afterAll(() => stage.close());

/** An answer that is given when the test wants it. */
function answer() {
  let give!: (conclusion: Conclusion) => void;
  const given = new Promise<Conclusion>((resolve) => { give = resolve; });
  let isAsked = false;
  return {
    give: (conclusion: Conclusion): void => give(conclusion),
    asked: () => waitFor('the question', () => isAsked),
    question: (): Promise<Conclusion> => {
      isAsked = true;
      return given;
    },
  };
}

/** `ProcessWorkflowActivationJobsAsSingleBatch` of the SDK. */
const inOneBatch = 2;

/**
 * A history that does not say how its tasks were told: then the SDK tells signals, with all that follows from them, before the rest, as it did
 * before 1.11. What is decided must not hang on that.
 */
function withSignalsFirst(history: History): History {
  const told = history.events!.flatMap(({ workflowTaskCompletedEventAttributes: task }) => task?.sdkMetadata ?? []);
  expect(told.flatMap(({ langUsedFlags }) => langUsedFlags ?? [])).toContain(inOneBatch);
  for (const metadata of told) metadata.langUsedFlags = (metadata.langUsedFlags ?? []).filter((flag) => flag !== inOneBatch);
  return history;
}

const silence = async (): Promise<Conclusion> => ({ verdict: finding('no-data', 'the watch has not looked yet') });

describe('the question at the end of a soak', () => {
  it('that nobody can answer holds the region, and never undoes it', async () => {
    const broken = async (): Promise<never> => {
      throw ApplicationFailure.create({ message: 'Temporal cannot be described', nonRetryable: true });
    };
    const region = await stage.begin({ min: '300ms', max: '2s' }, { watchSoak: never, concludeSoak: broken });
    await region.tell({ number: 1, verdict: finding('pass') });
    const held = await region.until('the region to be held', ({ status }) => status !== 'soaking');
    expect(held).toMatchObject({ status: 'held', failure: { code: 'NoData', message: expect.stringContaining('the watch could not be asked: Temporal cannot be described') } });
    expect(stage.undone).toEqual([]);
    await region.handle.terminate();
  });

  it('is answered by older words than the watch has told meanwhile: those count, whether they are better or worse', async () => {
    const [good, bad] = [answer(), answer()];
    const recovered = await stage.begin({ min: '300ms', max: '1h' }, { watchSoak: never, concludeSoak: good.question });
    await recovered.tell({ number: 1, verdict: finding('pass') });
    await good.asked();
    await recovered.tell({ number: 2, verdict: finding('pass', 'data again') });
    good.give({ number: 1, verdict: finding('no-data') });
    expect((await recovered.result()).state).toMatchObject({ status: 'live', soak: { explanation: 'data again' } });

    const doubted = await stage.begin({ min: '300ms', max: '1h' }, { watchSoak: never, concludeSoak: bad.question });
    await doubted.tell({ number: 1, verdict: finding('pass') });
    await bad.asked();
    await doubted.tell({ number: 2, verdict: finding('hold') });
    bad.give({ number: 1, verdict: finding('pass') });
    await doubted.tell({ number: 3, samples: '' }); // after the answer has been taken
    expect(await doubted.state()).toMatchObject({ status: 'soaking', soak: { decision: 'hold' } });
    await doubted.handle.terminate();
  });
});

describe('a soak that holds the rollout', () => {
  it('goes on to do so when its region is held, until there is data', async () => {
    const region = await stage.begin({ min: '300ms', max: '2s' }, { watchSoak: never, concludeSoak: async () => ({ number: 1, verdict: finding('no-data', 'the source is silent') }) });
    await region.tell({ number: 1, verdict: finding('no-data', 'the source is silent') });
    await region.until('the region to be held', ({ status }) => status === 'held');
    expect((await region.reports()).filter(({ waitingFor, leftGate }) => waitingFor ?? leftGate)).toMatchObject([{ waitingFor: { needs: 'the source is silent' } }]);
    expect((await region.reports()).find(({ waitingFor }) => waitingFor)!.waitingFor).not.toHaveProperty('asks');
    await region.tell({ number: 2, verdict: finding('continue') });
    await waitFor('the rollout to be let go', async () => (await region.reports()).some(({ leftGate }) => leftGate !== undefined));
    await region.handle.terminate();
  });
});

describe('a regression that is seen in one workflow task with', () => {
  const fails: Conclusion = { verdict: finding('fail', 'nobody can shop') };
  const undone = { status: 'rolled-back', failure: { code: 'RegionRegressed', message: expect.stringContaining('nobody can shop') } };

  it.each([['yes', 'approve'], ['wish to soak again', 'resume']] as const)('a person\'s %s is undone, in whatever order the two are told', async (_word, kind) => {
    const watch = answer();
    const region = await stage.begin({ min: '300ms', max: '1s' }, { watchSoak: watch.question, concludeSoak: async () => ({ number: 1, verdict: finding('inconclusive') }) });
    await region.tell({ number: 1, verdict: finding('inconclusive') });
    await region.until('a person to be asked', ({ status }) => status === 'held');
    await region.untilQuiet();
    await stage.stopStories();
    await region.decide(kind, 'nobody shops at night');
    watch.give(fails);
    await region.untilTaken('watchSoak');
    await stage.startStories();
    expect((await region.result()).state).toMatchObject(undone);
    await region.replay(withSignalsFirst);
  });

  it.each(['before', 'after'])('the answer that the soak is enough is undone: seen %s it', async (when) => {
    const [watch, end] = [answer(), answer()];
    const region = await stage.begin({ min: '300ms', max: '1h' }, { watchSoak: watch.question, concludeSoak: end.question });
    await region.tell({ number: 1, verdict: finding('pass') });
    await end.asked();
    await stage.stopStories();
    const happenings = [['watchSoak', () => watch.give(fails)], ['concludeSoak', () => end.give({ number: 1, verdict: finding('pass') })]] as const;
    for (const [activity, give] of when === 'before' ? happenings : happenings.toReversed()) {
      give();
      await region.untilTaken(activity);
    }
    await stage.startStories();
    expect((await region.result()).state).toMatchObject(undone);
  });
});

describe('the clock of a soak', () => {
  it('credits nothing before anybody has looked', async () => {
    const region = await stage.begin({ min: '300ms', max: '2s', onInconclusive: 'continue' }, { watchSoak: never, concludeSoak: silence });
    const held = await region.until('the region to be held', ({ status }) => status !== 'soaking');
    expect(held).toMatchObject({ status: 'held', failure: { code: 'NoData' }, soak: { credited: 0 } });
    await region.tell({ number: 1, verdict: finding('continue') });
    await region.until('the soak to go on', ({ status, soak }) => status === 'soaking' && soak!.countingSince !== null);
    await region.handle.terminate();
  });

  it('is over before the judge has seen its minimum: that is for a person to decide, whatever the policy', async () => {
    const region = await stage.begin({ min: '300ms', max: '1s', onInconclusive: 'continue' }, { watchSoak: never, concludeSoak: async () => ({ number: 1, verdict: finding('continue') }) });
    await region.tell({ number: 1, verdict: finding('continue') });
    const held = await region.until('its end', ({ status }) => status !== 'soaking');
    expect(held).toMatchObject({ status: 'held', failure: { code: 'SoakInconclusive' } });
    await region.handle.terminate();
  });
});
