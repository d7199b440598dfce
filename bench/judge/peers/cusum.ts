import type { Peer } from '../peer.js';
import { readingOf, usualOf } from './usual.js';

/** Half of the shift that is looked for, in deviations: a shift of one deviation is found fastest. */
const allowance = 0.5;

/** The upper CUSUM after one more value: what is above the allowance adds up, what is below takes away, never below 0. */
export const cusum = (sum: number, deviations: number): number => Math.max(0, sum + deviations - allowance);

export const cusumChart: Peer = {
  name: 'CUSUM',
  about: 'tabular CUSUM of the log ratio to the controls, mean and deviation from history, k 0.5, h 5 (Page 1954; Montgomery, Introduction to Statistical Quality Control, chapter 9)',
  strictness: { what: 'decision interval h', standard: 5, from: 0.5, to: 1e5 },
  open: (soak, history, strictness) => {
    const charts = usualOf(soak, history).map((usual) => ({ usual, sum: 0 }));
    return {
      observe: (look) => {
        for (const chart of charts) {
          const { noise, check } = chart.usual;
          const seen = look.checks[check.name];
          const difference = seen && readingOf(seen, chart.usual).difference;
          if (difference !== undefined && noise !== null) chart.sum = cusum(chart.sum, (difference - noise.mean) / noise.deviation);
        }
        const found = charts.find(({ sum }) => sum > strictness);
        return found === undefined ? { decision: 'continue' } : { decision: 'fail', why: `${found.usual.check.name}: C ${found.sum.toFixed(1)}` };
      },
    };
  },
};
