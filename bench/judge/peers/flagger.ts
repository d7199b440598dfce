import type { Peer } from '../peer.js';
import { withinLimit, withinReference, type Rule } from './limits.js';
import { usualOf } from './usual.js';
import { windowsOf } from './windows.js';

/** The values of its documentation and its default window. */
const intervalSeconds = 60;
const threshold = 5;

const source = `interval 1m, threshold ${threshold} (fluxcd/flagger, docs/gitbook/usage/metrics.md, pkg/controller/scheduler.go and scheduler_metrics.go)`;

/**
 * Every interval one check of all metrics: it fails if any of them is beyond its range or has no values. Failed checks are counted and never
 * forgotten; the interval after there are `threshold` of them rolls back.
 */
function flagger(name: string, about: string, strictness: Peer['strictness'], ruleOf: (strictness: number) => Rule): Peer {
  return {
    name,
    about: `${about}, ${source}`,
    strictness,
    open: (soak, history, strict) => {
      const nextWindow = windowsOf(soak, intervalSeconds);
      const rule = ruleOf(strict);
      const metrics = usualOf(soak, history);
      let failedChecks = 0;
      let last = '';
      return {
        observe: (look) => {
          const window = nextWindow(look);
          if (window === null) return { decision: 'continue' };
          if (failedChecks >= threshold) return { decision: 'fail', why: `${failedChecks} failed checks, the last of ${last}` };
          const halted = metrics.find((usual) => rule(window, usual) !== 'good');
          if (halted !== undefined) [failedChecks, last] = [failedChecks + 1, halted.check.name];
          return { decision: 'continue' };
        },
      };
    },
  };
}

export const flaggerObjective = flagger(
  'Flagger, objective', 'every metric within its range',
  { what: 'how far the limit lies from the usual level, as an exponent', standard: 1, from: 0.02, to: 20 }, withinLimit,
);

export const flaggerBaseline = flagger(
  'Flagger, 2 × baseline', 'every metric within twice that of the controls',
  { what: 'factor over the baseline', standard: 2, from: 1.005, to: 1_000 }, withinReference,
);
