import { windowMark } from '../rollout/document/window-mark.js';
import { neverWorks, type Silence } from './metric-samples.js';
import { isSelector } from './series-selector.js';

/** A longer window says nothing of the release that has just come. */
const longestWindowMs = 86_400_000;

/**
 * The PromQL that asks for a window of `windowMs`: a selector is summed by what a check needs, `sum(increase(x[30000ms]))` or
 * `sum by (le) (increase(x_bucket[30000ms]))`; an expression says by `$window` where its range belongs. Or why nobody can tell.
 */
export function windowed(query: string, sum: 'sum' | 'sum by (le)', windowMs: number): string | Silence {
  const window = `${Math.min(windowMs, longestWindowMs)}ms`;
  if (hasWindow(query)) return query.replaceAll(windowMark, window);
  if (isSelector(query)) return `${sum}${sum === 'sum' ? '' : ' '}(increase(${query.trim()}[${window}]))`;
  return neverWorks(query, `neither a series selector nor an expression with ${windowMark}: write ${sum}${sum === 'sum' ? '' : ' '}(increase(x[${windowMark}]))`);
}

export const hasWindow = (query: string): boolean => query.includes(windowMark);
