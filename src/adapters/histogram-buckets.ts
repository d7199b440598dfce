import { parseNumber } from './exposition.js';
import type { Silence } from './metric-samples.js';

/** One bucket: its upper edge as somebody wrote it, `0.1`, `1e-1` or `+Inf`, and how many were at most that. */
export type Bucket = [edge: string, count: number];

/**
 * How much of all a bucket may be below the one before it. A process that began anew between two scrapes can leave a bucket that did not
 * go down, so that nobody sees its reset; more than this is not a distribution.
 */
const tolerance = 0.01;

/**
 * Increments of cumulative buckets by their upper edge, each edge written one way: `{ "0.1": 80, "+Inf": 96 }`; the same edge in two
 * spellings is one, from two libraries. Or why they are no distribution.
 */
export function readBuckets(counts: Bucket[]): { kind: 'found'; value: Record<string, number> } | Silence {
  const byEdge = new Map<number, number>();
  for (const [text, count] of counts) {
    const edge = parseNumber(text);
    if (edge === undefined || Number.isNaN(edge)) return broken(`le=${JSON.stringify(text.slice(0, 40))} is not the upper edge of a bucket`);
    if (!Number.isFinite(count)) return { kind: 'no-data', reason: `the bucket le="${text}" is ${count}` };
    if (count < 0) return broken(`the bucket le="${text}" went down by ${-count}: is it that of a histogram?`);
    byEdge.set(edge, (byEdge.get(edge) ?? 0) + count);
  }
  return cumulative([...byEdge].toSorted(([a], [b]) => a - b));
}

function cumulative(buckets: [edge: number, count: number][]): { kind: 'found'; value: Record<string, number> } | Silence {
  const [lastEdge, all] = buckets.at(-1)!;
  if (lastEdge !== Number.POSITIVE_INFINITY) return broken('there is no bucket le="+Inf", so nobody knows how many there were');
  if (buckets.length < 2) return broken('there is no bucket but le="+Inf", which says nothing of a distribution');
  const value: Record<string, number> = {};
  let [below, missing] = [0, 0];
  for (const [edge, count] of buckets) {
    missing = Math.max(missing, below - count);
    if (missing > tolerance * all) {
      return { kind: 'no-data', reason: `the buckets are not cumulative: le="${nameOf(edge)}" has ${count}, and one below it has ${below}` };
    }
    below = Math.max(below, count);
    value[nameOf(edge)] = below;
  }
  return { kind: 'found', value };
}

const nameOf = (edge: number): string => (edge === Number.POSITIVE_INFINITY ? '+Inf' : String(edge));

const broken = (reason: string): Silence => ({ kind: 'error', reason, lasting: true });
