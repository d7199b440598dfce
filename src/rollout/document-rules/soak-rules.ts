import { durationMs } from '../duration.js';
import type { Soak } from '../schema/pipeline.js';
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
