import type { HistogramSample, RatioSample, Sample } from '../../../src/judge/sample.js';
import type { JudgedCheck } from '../../../src/judge/soak.js';

/** The quantile that peers watch where a check is a histogram. */
const watched = 0.95;

/**
 * A sample as the one number that a peer watches, higher is worse: the share of bad requests, the value (or its inverse, where lower is
 * worse), the 95th percentile of a histogram. Null for whatever says nothing.
 */
export function levelOf(sample: Sample, check: JudgedCheck): number | null {
  switch (sample.kind) {
    case 'ratio':
      return sample.total > 0 ? sample.bad / sample.total : null;
    case 'value':
      return Number.isFinite(sample.value) ? upwards(sample.value, check) : null;
    case 'histogram':
      return quantile(sample, watched);
    default:
      return null;
  }
}

/** Its logarithm; shares are kept away from 0 by half a request, values by something tiny. */
export function logLevelOf(sample: Sample, check: JudgedCheck): number | null {
  if (sample.kind === 'ratio') return sample.total > 0 ? Math.log((sample.bad + 0.5) / (sample.total + 1)) : null;
  const level = levelOf(sample, check);
  return level === null ? null : Math.log(Math.max(level, 1e-12));
}

/** A limit of the check, the same way up. */
export const upwards = (value: number, check: JudgedCheck): number => (lowerIsWorse(check) ? 1 / Math.max(value, 1e-12) : value);

const lowerIsWorse = ({ worse, min, max }: JudgedCheck): boolean => (worse ?? (min !== undefined && max === undefined ? 'lower' : 'higher')) === 'lower';

/** Several looks as one: counts are added up, values averaged, what says nothing is left out. */
export function merged(samples: readonly Sample[]): Sample {
  const ratios = samples.filter((sample) => sample.kind === 'ratio');
  if (ratios.length > 0) return { kind: 'ratio', bad: sum(ratios, ({ bad }) => bad), total: sum(ratios, ({ total }) => total) };
  const values = samples.filter((sample) => sample.kind === 'value');
  if (values.length > 0) return { kind: 'value', value: sum(values, ({ value }) => value) / values.length };
  const histograms = samples.filter((sample) => sample.kind === 'histogram');
  return histograms.length > 0 ? { kind: 'histogram', buckets: addedUp(histograms) } : { kind: 'no-data', reason: 'nothing in all of these looks' };
}

/** Counts of bad and all: of a histogram, the requests above `edge` are bad. Null for whatever is not counted. */
export function countsOf(sample: Sample, edge: string | null): Pick<RatioSample, 'bad' | 'total'> | null {
  if (sample.kind === 'ratio') return sample;
  if (sample.kind !== 'histogram' || edge === null) return null;
  const total = sample.buckets['+Inf'] ?? 0;
  return { bad: total - (sample.buckets[edge] ?? total), total };
}

/** The lowest edge that at least this share of the requests stays below; null if only +Inf does. */
export function edgeAbove({ buckets }: HistogramSample, share: number): string | null {
  const total = buckets['+Inf'] ?? 0;
  if (total === 0) return null;
  return edgesOf(buckets).find(({ label, edge }) => edge < Infinity && buckets[label]! >= share * total)?.label ?? null;
}

/** As Prometheus' `histogram_quantile` does it: linear inside a bucket, the highest finite edge above that. */
function quantile({ buckets }: HistogramSample, share: number): number | null {
  const total = buckets['+Inf'] ?? 0;
  if (!(total > 0)) return null;
  const rank = share * total;
  let [from, below] = [0, 0];
  for (const { label, edge } of edgesOf(buckets)) {
    const count = buckets[label]!;
    if (edge === Infinity) break;
    if (count >= rank) return from + ((edge - from) * (rank - below)) / (count - below);
    [from, below] = [edge, count];
  }
  return from;
}

interface Edge {
  label: string;
  edge: number;
}

/** Sorted once for each set of labels: keys that look like whole numbers come first in an object. */
const sortedEdges = new Map<string, Edge[]>();

function edgesOf(buckets: Record<string, number>): Edge[] {
  const labels = Object.keys(buckets);
  const key = labels.join(' ');
  const known = sortedEdges.get(key);
  if (known !== undefined) return known;
  const edges = labels.map((label) => ({ label, edge: label === '+Inf' ? Infinity : Number(label) })).toSorted((one, other) => one.edge - other.edge);
  sortedEdges.set(key, edges);
  return edges;
}

function addedUp(histograms: HistogramSample[]): Record<string, number> {
  const buckets: Record<string, number> = {};
  for (const histogram of histograms) {
    for (const label of Object.keys(histogram.buckets)) buckets[label] = (buckets[label] ?? 0) + histogram.buckets[label]!;
  }
  return buckets;
}

const sum = <T>(items: readonly T[], number: (item: T) => number): number => items.reduce((total, item) => total + number(item), 0);
