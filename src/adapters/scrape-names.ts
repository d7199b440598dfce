import { seriesOf } from './scrape-target.js';
import type { KnownNames } from './never-matches.js';
import { parseSelector } from './series-selector.js';

/** What a target's `/metrics` says of the names in its series. */
export const scrapedNames = (text: string): KnownNames => ({
  async labelsOf(selector, metric) {
    const { matches } = parseSelector(selector);
    const labels = new Set<string>();
    for (const series of seriesOf(text)) {
      // The name is a label too, as Prometheus counts them: a series without any other is there all the same.
      if (matches(series)) for (const label of ['__name__', ...Object.keys(series.labels)]) labels.add(label);
    }
    return labels.size > 0 || declared(text).includes(metric) ? [...labels] : undefined;
  },
  valuesOf: async (metric, label) =>
    [...new Set([...seriesOf(text)].flatMap(({ name, labels }) => (name === metric && Object.hasOwn(labels, label) ? [labels[label]!] : [])))],
  metrics: async () => [...new Set([...seriesOf(text)].map(({ name }) => name)), ...declared(text)],
});

/** Metrics that are declared, whether they have counted anything or not. */
const declared = (text: string): string[] => [...text.matchAll(/^# TYPE[ \t]+(\S+)/gm)].map(([, name]) => name!);
