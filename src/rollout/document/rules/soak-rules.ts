import { durationMs, formatDuration } from '../../duration.js';
import type { Soak } from '../../schema/pipeline.js';
import { soakOf } from '../settings.js';
import { rule, type DocumentError } from './rule.js';

export const soakFits = rule(['soak'], ({ soak }) => soakErrors(soak, '/soak', ''));

/** A phase's own values stand over the pipeline's, so only the two together can be held against each other. */
export const phaseSoaksFit = rule(['soak', 'lifecycle'], (document) =>
  document.lifecycle.flatMap((phase, index) =>
    phase.soak === undefined ? [] : soakErrors(soakOf(document, phase), `/lifecycle/${index}/soak`, `in ${phase.environment}, `)));

function soakErrors(soak: Soak, pointer: string, where: string): DocumentError[] {
  if (durationMs(soak.max) < durationMs(soak.min)) {
    return [{ pointer: `${pointer}/max`, message: `${where}max is ${soak.max} and min is ${soak.min}: a soak cannot end before it is credited; raise max` }];
  }
  return durationErrors(soak, `${pointer}/duration`, where);
}

/** What a soak is meant to take lies between what it must take and what it may. */
function durationErrors({ min, duration, max }: Soak, pointer: string, where: string): DocumentError[] {
  if (duration === undefined) return [];
  if (durationMs(duration) < durationMs(min)) {
    return [{ pointer, message: `${where}duration is ${duration} and min is ${min}: a soak cannot be meant to end before it is credited; raise duration` }];
  }
  if (durationMs(duration) <= durationMs(max)) return [];
  return [{ pointer, message: `${where}duration is ${duration} and max is ${max}: a soak cannot be meant to take longer than it may; raise max` }];
}

const hotfixPointer = '/policy/hotfix/soak';

/** A first look only begins to count, so a soak of one look would see nothing. */
const looksNeeded = 2;

/** The soak of a fix is short and never none: wherever it takes the place of a longer one, the metrics are looked at twice. */
export const hotfixSoakLooksTwice = rule(['soak', 'lifecycle', 'policy'], (document) => {
  const { hotfix } = document.policy;
  if (hotfix === undefined) return [];
  return document.lifecycle.flatMap((phase) => {
    const { min, interval } = soakOf(document, phase);
    const leastMs = looksNeeded * durationMs(interval);
    if (durationMs(hotfix.soak) >= Math.min(durationMs(min), leastMs)) return [];
    const message = `${hotfix.soak} is too short for ${phase.environment}, which is looked at every ${interval}: two looks take ${formatDuration(leastMs)}`;
    return [{ pointer: hotfixPointer, message }];
  });
});

export const hotfixSoakFits = rule(['soak', 'policy'], ({ soak, policy: { hotfix } }) => {
  if (hotfix === undefined || durationMs(hotfix.soak) <= durationMs(soak.max)) return [];
  return [{ pointer: hotfixPointer, message: `${hotfix.soak} is longer than soak.max, ${soak.max}: the lane is for a shorter soak` }];
});

/** Only a ratio knows a request that was bad. */
export const errorBudgetIsCounted = rule(['checks', 'policy'], ({ checks, policy: { errorBudget } }) =>
  errorBudget === undefined || checks.some(({ kind }) => kind === 'ratio') ? [] : [{
    pointer: '/policy/errorBudget',
    message: `${errorBudget} bad requests, and no check of kind ratio that could count one: it would never be spent. Give such a check, or leave this out`,
  }]);
