/** Buckets of one look, in the order of their edges. */
export interface Buckets {
  /** Upper edges; the last bucket has none. */
  edges: number[];
  /** Requests in each bucket alone, one more than there are edges. */
  counts: number[];
  total: number;
}

/** Reads cumulative buckets; undefined where they hold no requests, or too few edges to compare. A count that falls back is taken as no more. */
export function readBuckets(cumulative: Record<string, number>): Buckets | undefined {
  const rows = Object.keys(cumulative).map((edge) => ({ edge: edgeOf(edge), count: cumulative[edge]! })).toSorted((left, right) => left.edge - right.edge);
  const edges: number[] = [];
  const counts: number[] = [];
  let upTo = 0;
  for (const { edge, count } of rows) {
    if (!Number.isFinite(edge) || edge <= 0) continue;
    // `1` and `1.0` are one edge, and the larger count is that of both.
    if (edge > (edges.at(-1) ?? 0) * (1 + 1e-12)) counts[edges.push(edge) - 1] = 0;
    counts[edges.length - 1]! += Math.max(0, count - upTo);
    upTo = Math.max(upTo, count);
  }
  const total = rows.reduce((most, { count }) => Math.max(most, count), 0);
  return edges.length === 0 || !(total > 0) ? undefined : { edges, counts: [...counts, total - upTo], total };
}

const edgeOf = (text: string): number => (/^\+?inf(inity)?$/i.test(text) ? Infinity : Number(text));

export const hasSameEdges = (left: Buckets, right: Buckets): boolean =>
  left.edges.length === right.edges.length && left.edges.every((edge, index) => edge === right.edges[index]);

export function added(left: Buckets, right: Buckets): Buckets {
  return { edges: left.edges, counts: left.counts.map((count, index) => count + right.counts[index]!), total: left.total + right.total };
}

/** Half a request in each bucket keeps every share above zero. */
const smoothing = 0.5;

/** A distribution as a smooth curve over the logarithm of the value: monotone cubic between the edges (F. N. Fritsch, R. E. Carlson, 1980), power laws beyond. */
export class Curve {
  private readonly x: number[];
  private readonly y: number[];
  private readonly slopes: number[];

  constructor({ edges, counts, total }: Buckets) {
    const all = total + smoothing * counts.length;
    let below = 0;
    this.x = edges.map(Math.log);
    this.y = edges.map((_, index) => (below += (counts[index]! + smoothing) / all));
    this.slopes = slopesOf(this.x, this.y);
  }

  /** Share of requests below `exp(log)`. */
  at(log: number): number {
    const { x, y, slopes } = this;
    const last = x.length - 1;
    if (log <= x[0]!) return y[0]! * Math.exp(log - x[0]!);
    if (log >= x[last]!) return 1 - (1 - y[last]!) * Math.exp(-2 * (log - x[last]!));
    let index = 0;
    while (log > x[index + 1]!) index += 1;
    const width = x[index + 1]! - x[index]!;
    const t = (log - x[index]!) / width;
    const u = 1 - t;
    return y[index]! * (1 + 2 * t) * u * u + y[index + 1]! * (3 - 2 * t) * t * t + width * (slopes[index]! * t * u * u - slopes[index + 1]! * t * t * u);
  }

  /** Shares of the buckets with these edges when every value is `exp(shift)` times as large. */
  shares(edges: number[], shift: number): number[] {
    const upTo = edges.map((edge) => this.at(Math.log(edge) - shift));
    return [...upTo, 1].map((share, index) => Math.max(1e-9, share - (upTo[index - 1] ?? 0)));
  }

  /** Log likelihood of these counts when every value is `exp(shift)` times as large; `logEdges` are those of the counts. */
  logLikelihood(counts: number[], logEdges: number[], shift: number): number {
    let below = 0;
    let sum = 0;
    for (let index = 0; index < counts.length; index++) {
      const upTo = index === logEdges.length ? 1 : this.at(logEdges[index]! - shift);
      if (counts[index]! > 0) sum += counts[index]! * Math.log(Math.max(1e-9, upTo - below));
      below = upTo;
    }
    return sum;
  }

  /** The value below which half of the requests are; undefined beyond the edges. */
  get median(): number | undefined {
    const above = this.y.findIndex((share) => share >= 0.5);
    if (above === -1) return undefined;
    if (above === 0) return Math.exp(this.x[0]!);
    const part = (0.5 - this.y[above - 1]!) / (this.y[above]! - this.y[above - 1]!);
    return Math.exp(this.x[above - 1]! + part * (this.x[above]! - this.x[above - 1]!));
  }
}

/** Slopes at the edges: the harmonic mean of those on both sides, so that the curve never falls. */
function slopesOf(x: number[], y: number[]): number[] {
  const between = y.slice(1).map((value, index) => (value - y[index]!) / (x[index + 1]! - x[index]!));
  return y.map((_, index) => {
    const left = between[index - 1];
    const right = between[index];
    if (left === undefined || right === undefined) return left ?? right ?? 0;
    return left <= 0 || right <= 0 ? 0 : (2 * left * right) / (left + right);
  });
}

/** Mean of the logarithm of the values, by the middles of their buckets. */
export function logCentre({ edges, counts, total }: Buckets): number {
  const middles = counts.map((_, index) => {
    const above = edges[index];
    const below = edges[index - 1];
    if (above === undefined) return Math.log(below! * 1.5);
    return below === undefined ? Math.log(above / 1.5) : Math.log(Math.sqrt(above * below));
  });
  return counts.reduce((sum, count, index) => sum + count * middles[index]!, 0) / total;
}
