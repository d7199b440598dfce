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
  if (durationMs(soak.max) >= durationMs(soak.min)) return [];
  const message = `${where}max is ${soak.max} and min is ${soak.min}: a soak cannot end before it is credited; raise max`;
  return [{ pointer: `${pointer}/max`, message }];
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
