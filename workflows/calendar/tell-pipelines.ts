import { CancellationScope, getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { isNews, shareOf } from '../../src/rollout/pipeline/calendar-shares.js';
import { pipelineWorkflowId } from '../../src/rollout/ids.js';
import { isExpected } from '../failures.js';
import { calendarSignal } from '../messages/pipeline.js';
import type { CalendarState } from '../messages/calendar.js';
import { questions } from '../timeouts.js';
import type { CalendarRun } from './run.js';

export const hasNews = (run: CalendarRun): boolean => run.told.version < run.version || run.newcomers.length > 0;

/**
 * Tells each pipeline that it concerns what the calendar says now; and in any case those that ask, so that they know that they are heard.
 * A calendar that is begun anew tells everybody: they may remember what the one before has said.
 */
export async function tellPipelines(run: CalendarRun): Promise<void> {
  const { state, version, told, newcomers, isNew } = run;
  run.newcomers = [];
  run.isNew = false;
  const open = version > told.version ? await openPipelines() : [];
  run.subscribers = union(run.subscribers, [...open, ...newcomers]);
  const listeners = run.subscribers.filter((pipeline) => isNew || newcomers.includes(pipeline) || isNews(told.state, state, pipeline));
  const gone = await Promise.all(listeners.map(async (pipeline) => ((await tell(state, pipeline)) ? [] : [pipeline])));
  run.subscribers = run.subscribers.filter((pipeline) => !gone.flat().includes(pipeline));
  run.told = { state, version };
}

const union = (names: string[], more: string[]): string[] => [...new Set([...names, ...more])];

/** Those that visibility knows: nobody is left out because a calendar was lost, or a subscription. */
async function openPipelines(): Promise<string[]> {
  try {
    return await questions.openPipelines.executeWithOptions({ summary: 'which pipelines are there?' }, []);
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.warn('only pipelines that have subscribed are told: the list of all could not be had', { error: String(error) });
    return [];
  }
}

/** False when there is no such pipeline any more. */
async function tell(state: CalendarState, pipeline: string): Promise<boolean> {
  return CancellationScope.nonCancellable(async () => {
    try {
      await getExternalWorkflowHandle(pipelineWorkflowId(pipeline)).signal(calendarSignal, shareOf(state, pipeline));
      return true;
    } catch (error) {
      if (!isExpected(error)) throw error;
      log.info('a pipeline that is no more is told of no freezes', { pipeline, error: String(error) });
      return false;
    }
  });
}
