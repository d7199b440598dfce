import { CancellationScope, log, setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Notice } from '../../activities/ports/notifier.js';
import { limits } from '../../src/rollout/limits.js';
import { isSamePlace } from '../../src/rollout/places.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import { moveRollout, type RolloutEffect, type RolloutEvent } from '../../src/rollout/states/rollout-states.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { Failure, RegionState, TimelineEntry } from '../../src/rollout/schema/rollout.js';
import { isTerminal } from '../../src/rollout/states/statuses.js';
import { why } from '../../src/rollout/control/why.js';
import { rolloutDetails } from '../details.js';
import type { RolloutMemo } from '../memo.js';
import type { RolloutView } from '../messages/rollout.js';
import { searchAttributes } from '../search-attributes.js';
import { notices } from '../timeouts.js';
import { pendingRegions, type RolloutRun } from './run.js';
import { isHeldBySoak, syncRegions } from './sync-regions.js';

/** The rollout as people see it now. */
export const viewOf = (run: RolloutRun): RolloutView => ({
  ...run.view,
  why: why(run.view, {
    behind: run.behind, decision: run.decision, goal: run.goal, startAt: run.view.startAt, supersededBy: run.view.supersededBy, provenBy: run.provenBy, overrides: run.view.overrides,
    next: run.plan.next, promoteTo: run.view.promoteTo, watchedUntil: run.watched.map(({ until }) => until).toSorted().at(-1),
  }),
});

/** Writes a line into the timeline. The middle of a very long one is let go, never its beginning or its end. */
export function note(run: RolloutRun, entry: Omit<TimelineEntry, 'at'>): void {
  const timeline = [...run.view.timeline, { at: now(), ...entry }];
  const half = limits.timelineEntries / 2;
  change(run, { timeline: timeline.length <= limits.timelineEntries ? timeline : [...timeline.slice(0, half), ...timeline.slice(1 - half)] });
}

/** Changes what people see. Lists are told when their line changes, sentence and all; nothing else, as each telling is history. */
export function change(run: RolloutRun, changed: Partial<RolloutRun['view']>): void {
  const before = run.view;
  run.view = { ...before, ...changed };
  setCurrentDetails(rolloutDetails(viewOf(run)));
  publish(run);
  if (run.view.status !== before.status || isHeldBySoak(run.view) !== isHeldBySoak(before)) syncRegions(run);
}

function publish(run: RolloutRun): void {
  const { regions: _regions, timeline: _timeline, waitingFor: _waiting, failure: _failure, budget: _budget, ...summary } = viewOf(run);
  const line = JSON.stringify(summary);
  if (line === run.published) return;
  run.published = line;
  upsertMemo({ rollout: summary } satisfies RolloutMemo);
  const found = `${run.view.status} ${run.view.phase}`;
  if (found === run.foundBy) return;
  run.foundBy = found;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: run.view.status },
    ...(run.view.phase ? [{ key: searchAttributes.environment, value: run.view.phase }] : []),
  ]);
}

/** Takes a move of the rollout table and gives back what must be done. An event that means nothing now changes nothing. */
export function move(run: RolloutRun, event: RolloutEvent): RolloutEffect[] {
  const taken = moveRollout(run.view.status, event);
  if (taken === undefined) {
    log.debug('an event that means nothing now', { event, status: run.view.status });
    return [];
  }
  if (taken.to !== run.view.status) change(run, { status: taken.to, ...(isTerminal(taken.to) && { finishedAt: now() }) });
  return taken.effects;
}

/** Notes the failure that holds, ends or sticks the rollout. */
export function setFailure(run: RolloutRun, failure: Failure): void {
  change(run, { failure });
}

export function clearFailure(run: RolloutRun): void {
  const { failure: _over, ...view } = run.view;
  run.view = view;
}

export function setRegion(run: RolloutRun, state: RegionState): void {
  change(run, { regions: run.view.regions.map((each) => (isSamePlace(each, state) ? state : each)) });
}

/** Another plan from now on. Places that were shipped keep their state; approvals that were given for the old plan are void. */
export function setPlan(run: RolloutRun, plan: Plan, reason: string): void {
  if (plan.hash === run.plan.hash) return;
  const planned = plan.phases.flatMap(pendingRegions);
  const before = run.view.regions.filter((each) => each.status !== 'pending' && !planned.some((place) => isSamePlace(place, each)));
  const regions = planned.map((place) => {
    const known = run.view.regions.find((each) => isSamePlace(each, place));
    return known ? { ...known, wave: place.wave } : place;
  });
  run.plan = plan;
  change(run, {
    plan: plan.hash,
    regions: [...before, ...regions],
    waitingFor: run.view.waitingFor.map((each) => (each.approvals ? { ...each, approvals: [] } : each)),
  });
  upsertSearchAttributes([{ key: searchAttributes.regions, value: [...new Set(plan.phases.flatMap(placesOf).map(({ region }) => region))] }]);
  note(run, { kind: 'plan', text: `the plan has changed: ${reason}; what was approved for gates that are still ahead is void` });
}

/** Tells people what the rollout stands at, and why, `besides` first where that does not say it. Beside the story: a notifier that does not answer never blocks a rollout. */
export function tellPeople(run: RolloutRun, kind: Notice['kind'], besides?: string): void {
  const text = viewOf(run).why;
  const isSaid = besides === undefined || text.toLowerCase().includes(besides.toLowerCase());
  const notice: Notice = { pipeline: run.input.pipeline, rollout: run.input.rollout, kind, text: isSaid ? text : `${besides}${/[.!?]$/.test(besides) ? '' : '.'} ${text}` };
  const sending = CancellationScope.nonCancellable(async () => {
    try {
      await notices.notify.executeWithOptions({ summary: `${run.input.rollout} is ${kind}` }, [notice]);
    } catch (error) {
      log.warn('nobody could be told', { kind, error: String(error) });
    }
  });
  run.notices.push(sending);
}

export const now = (): string => new Date().toISOString();
