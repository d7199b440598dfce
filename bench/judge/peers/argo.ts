import type { Peer } from '../peer.js';
import { withinLimit, withinReference, type Rule } from './limits.js';
import { usualOf } from './usual.js';
import { windowsOf } from './windows.js';

/** The example of its documentation: a measurement every 5 min over the last 5, and more than three failed ones fail the analysis. */
const intervalSeconds = 300;
const failureLimit = 3;
/** Its default: more measurements than that without an answer, in a row, end the analysis in an error, which aborts the rollout. */
const consecutiveErrorLimit = 4;

const source = `interval 5m, failureLimit ${failureLimit} (argoproj/argo-rollouts, docs/features/analysis.md and analysis/analysis.go)`;

function argo(name: string, about: string, strictness: Peer['strictness'], ruleOf: (strictness: number) => Rule): Peer {
  return {
    name,
    about: `${about}, ${source}`,
    strictness,
    open: (soak, history, strict) => {
      const nextWindow = windowsOf(soak, intervalSeconds);
      const rule = ruleOf(strict);
      const metrics = usualOf(soak, history).map((usual) => ({ usual, failed: 0, silent: 0 }));
      return {
        observe: (look) => {
          const window = nextWindow(look);
          if (window === null) return { decision: 'continue' };
          for (const metric of metrics) {
            const measurement = rule(window, metric.usual);
            if (measurement === 'bad') metric.failed++;
            metric.silent = measurement === 'silent' ? metric.silent + 1 : 0;
          }
          const over = metrics.find(({ failed, silent }) => failed > failureLimit || silent > consecutiveErrorLimit);
          if (over === undefined) return { decision: 'continue' };
          return { decision: 'fail', why: `${over.usual.check.name}: ${over.failed} failed, ${over.silent} without an answer` };
        },
      };
    },
  };
}

export const argoObjective = argo(
  'Argo Rollouts, objective', 'every measurement within its objective',
  { what: 'how far the limit lies from the usual level, as an exponent', standard: 1, from: 0.02, to: 20 }, withinLimit,
);

export const argoBaseline = argo(
  'Argo Rollouts, 2 × baseline', 'every measurement within twice that of the controls',
  { what: 'factor over the baseline', standard: 2, from: 1.005, to: 1_000 }, withinReference,
);
