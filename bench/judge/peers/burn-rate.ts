import type { RatioSample } from '../../../src/judge/sample.js';
import type { JudgedSoak } from '../../../src/judge/soak.js';
import type { Peer } from '../peer.js';
import { countsOf } from './level.js';
import { towards } from './limits.js';
import { slowBelow, usualOf, type Usual } from './usual.js';

/** Alerts that page: how many times its budget a service must burn, in the long window and in the short one. */
const alerts = [
  { burn: 14.4, longHours: 1, shortHours: 1 / 12 },
  { burn: 6, longHours: 6, shortHours: 1 / 2 },
] as const;

/**
 * The windows are scaled so that the longest of them is the soak: of an hour's soak 60 and 5 min at 6 ×, 10 min and 50 s at 14.4 ×. They
 * hold what came since the deploy only: what came before would dilute it. A histogram's objective is that 95 % of the requests stay below
 * the edge that 95 % usually stay below. Values burn no budget and are not judged.
 */
export const burnRate: Peer = {
  name: 'SRE burn rate',
  about: 'pages at 14.4 × the budget over 1 h and 5 m or 6 × over 6 h and 30 m, scaled to the soak (The Site Reliability Workbook, chapter 5, 6: multiwindow, multi-burn-rate alerts)',
  strictness: { what: 'how far the burn rates lie from the usual one, as an exponent', standard: 1, from: 0.02, to: 20 },
  open: (soak, history, exponent) => {
    const services = usualOf(soak, history).flatMap((usual) => serviceOf(usual, soak, exponent));
    return {
      observe: (look) => {
        for (const service of services) {
          const sample = look.checks[service.usual.check.name]?.region;
          const counts = sample === undefined ? null : countsOf(sample, service.usual.slowEdge);
          service.seen.push({ at: look.t - soak.deployAt, bad: counts?.bad ?? 0, total: counts?.total ?? 0 });
        }
        const burning = services.find((service) => service.pages.some((page) => isBurning(service, page)));
        return burning === undefined ? { decision: 'continue' } : { decision: 'fail', why: `${burning.usual.check.name} burns its budget` };
      },
    };
  },
};

interface Page {
  /** Share of bad requests that is too much, and the two windows (s). */
  limit: number;
  long: number;
  short: number;
}

interface Service {
  usual: Usual;
  pages: Page[];
  seen: { at: number; bad: number; total: number }[];
}

function serviceOf(usual: Usual, { soak, step }: JudgedSoak, exponent: number): Service[] {
  const budget = budgetOf(usual);
  if (budget === null) return [];
  const scale = ((soak.duration ?? soak.max) / (6 * 3_600)) * 3_600;
  const pages = alerts.map(({ burn, longHours, shortHours }) => ({
    limit: usual.bad.share === null ? burn * budget * exponent : towards(usual.bad.share, burn * budget, exponent),
    long: Math.max(step, longHours * scale),
    short: Math.max(step, shortHours * scale),
  }));
  return [{ usual, pages, seen: [] }];
}

function budgetOf({ check, slowEdge }: Usual): number | null {
  if (check.kind === 'ratio') return check.objective === undefined ? null : 1 - check.objective;
  return slowEdge === null ? null : 1 - slowBelow;
}

function isBurning({ seen }: Service, { limit, long, short }: Page): boolean {
  const now = seen.at(-1)?.at ?? 0;
  return [long, short].every((window) => shareIn(seen, now - window) > limit);
}

function shareIn(seen: Service['seen'], after: number): number {
  const sum: Pick<RatioSample, 'bad' | 'total'> = { bad: 0, total: 0 };
  for (let at = seen.length - 1; at >= 0 && seen[at]!.at > after; at--) {
    sum.bad += seen[at]!.bad;
    sum.total += seen[at]!.total;
  }
  return sum.total > 0 ? sum.bad / sum.total : 0;
}
