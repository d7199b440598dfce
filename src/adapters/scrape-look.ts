import type { Check, HistogramCheck, RatioCheck, ValueCheck } from '../rollout/schema/check.js';
import { gains, marksOf, seriesKey, type CounterMarks } from './counter-marks.js';
import type { Series } from './exposition.js';
import { readBuckets } from './histogram-buckets.js';
import { isSilence, neverWorks, ratioOf, silent, silenceOf, type Found, type Silence } from './metric-samples.js';
import type { Selections } from './scrape-selection.js';

/** What one look found, and where the counters stand now; without the latter the next look counts from where they stood. */
export interface Counted {
  found: Found;
  after?: CounterMarks;
}

/** Looks at one check in a text that was read: counters are held against `before`, where they stood at the look before. */
export function lookAt(check: Check, selections: Selections, before: CounterMarks | undefined): Counted {
  switch (check.kind) {
    case 'ratio':
      return lookAtRatio(check, selections, before);
    case 'value':
      return { found: lookAtValue(check, selections) };
    case 'histogram':
      return lookAtHistogram(check, selections, before);
  }
}

function lookAtRatio(check: RatioCheck, selections: Selections, before: CounterMarks | undefined): Counted {
  const total = someOf(check.total, selections);
  if (!Array.isArray(total)) return { found: total };
  // A client library shows a labelled counter only once it has counted: no bad series beside a total means that nothing was bad.
  const bad = selections.of(check.bad);
  if (!Array.isArray(bad)) return { found: bad };
  const after = marksOf([...total, ...bad], selections.started);
  if (before === undefined) return { found: silent('no-data', check.total, firstLook), after };
  const gained = (series: Series[]): number => gains(before, series, selections.started).reduce((sum, gain) => sum + gain, 0);
  return { found: ratioOf(check.bad, gained(bad), gained(total)), after };
}

function lookAtValue({ query }: ValueCheck, selections: Selections): Found {
  const series = someOf(query, selections);
  if (!Array.isArray(series)) return series;
  if (series.length > 1) return neverWorks(query, `${series.length} series match where one should: narrow the selector`);
  return { kind: 'value', value: series[0]!.value };
}

function lookAtHistogram({ buckets: query }: HistogramCheck, selections: Selections, before: CounterMarks | undefined): Counted {
  const series = someOf(query, selections);
  if (!Array.isArray(series)) return { found: series };
  if (!series.every(({ labels }) => Object.hasOwn(labels, 'le'))) {
    return { found: neverWorks(query, 'a series without the label le matches: is it a counter of buckets, with a name such as x_bucket?') };
  }
  const after = marksOf(series, selections.started);
  if (before === undefined) return { found: silent('no-data', query, firstLook), after };
  const gained = gains(before, series, selections.started, histogramOf);
  const read = readBuckets(series.map(({ labels }, index) => [labels.le!, gained[index]!]));
  return isSilence(read) ? { found: silenceOf(query, read), after } : { found: { kind: 'histogram', buckets: read.value }, after };
}

const firstLook = 'first look, counting starts now';

/** The buckets of one histogram have everything but `le` in common. */
const histogramOf = ({ name, labels: { le: _edge, ...labels } }: Series): string => seriesKey({ name, labels });

function someOf(query: string, selections: Selections): Series[] | Silence {
  const series = selections.of(query);
  return Array.isArray(series) && series.length === 0 ? silent('no-data', query, 'no series matches') : series;
}
