import type { History } from '../../activities/ports/metric-source.js';
import type { Check, HistogramCheck, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { ratioOf } from './metric-samples.js';
import type { PrometheusServer } from './prometheus-api.js';
import { hasWindow, windowed } from './prometheus-expressions.js';
import { readHistograms, readNumbers, type Past, type Steps } from './prometheus-range.js';

interface Asking {
  server: PrometheusServer;
  steps: Steps;
  signal: AbortSignal;
}

/** A window needs two scrapes: where steps are shorter than that, several of them together are one window, as they are for a look. */
const stepsTogether = [1, 2, 4];

/** The past of one check, in windows of one step that do not overlap. A check that cannot be asked has none. */
export async function historyOf(check: Check, { steps, ...asking }: Asking): Promise<History> {
  for (const together of stepsTogether) {
    const history = await pastOf(check, { ...asking, steps: { ...steps, stepMs: steps.stepMs * together } });
    if (history === undefined || history.length > 0) return history ?? [];
  }
  return [];
}

/** `undefined` when not even the steps next to the end could be read. */
function pastOf(check: Check, asking: Asking): Promise<History | undefined> {
  switch (check.kind) {
    case 'ratio':
      return ratios(check, asking);
    case 'value':
      return values(check, asking);
    case 'histogram':
      return histograms(check, asking);
  }
}

async function ratios(check: RatioCheck, { server, steps, signal }: Asking): Promise<History | undefined> {
  const [total, bad] = [windowed(check.total, 'sum', steps.stepMs), windowed(check.bad, 'sum', steps.stepMs)];
  if (typeof total !== 'string' || typeof bad !== 'string') return undefined;
  const [totals, bads] = await Promise.all([total, bad].map((query) => readNumbers(server, query, steps, signal)));
  if (isUnread(totals!, steps) || isUnread(bads!, steps)) return undefined;
  const known = [...totals!.points].filter(([atMs]) => atMs > bads!.sinceMs);
  // As in a look, no bad series beside a total means that nothing was bad.
  return inOrder(known.flatMap(([atMs, count]) => {
    // Less than nothing is gained by no counter; the smaller of the two tells.
    const sample = ratioOf(check.bad, bads!.points.get(atMs) ?? 0, count);
    return sample.kind === 'ratio' && sample.bad >= 0 ? [{ atMs, sample }] : [];
  }));
}

async function values({ query }: ValueCheck, { server, steps, signal }: Asking): Promise<History | undefined> {
  const expression = hasWindow(query) ? windowed(query, 'sum', steps.stepMs) : query;
  if (typeof expression !== 'string') return undefined;
  const past = await readNumbers(server, expression, steps, signal);
  return isUnread(past, steps) ? undefined : inOrder([...past.points].map(([atMs, value]) => ({ atMs, sample: { kind: 'value', value } })));
}

async function histograms({ buckets }: HistogramCheck, { server, steps, signal }: Asking): Promise<History | undefined> {
  const expression = windowed(buckets, 'sum by (le)', steps.stepMs);
  if (typeof expression !== 'string') return undefined;
  const past = await readHistograms(server, expression, steps, signal);
  return isUnread(past, steps) ? undefined : inOrder([...past.points].map(([atMs, found]) => ({ atMs, sample: { kind: 'histogram', buckets: found } })));
}

const isUnread = ({ sinceMs }: Past<unknown>, { toMs }: Steps): boolean => sinceMs === toMs;

const inOrder = (history: History): History => history.toSorted((a, b) => a.atMs - b.atMs);
