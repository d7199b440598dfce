import { z } from 'zod';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import type { Check, ScrapeMetrics } from '../rollout/schema/check.js';
import { nothingCounted, type CounterMarks } from './counter-marks.js';
import { sameForAll, sampleOf, type Found } from './metric-samples.js';
import { agentsOf } from './plain-request.js';
import { lookAt } from './scrape-look.js';
import { scrapedNames } from './scrape-names.js';
import { select, type Selections } from './scrape-selection.js';
import { scrape, ScrapeFailed } from './scrape-target.js';
import { selfTestOf } from './self-test.js';
import { isSelector } from './series-selector.js';

/** More series in one look would make the heartbeat of the watch large. */
const marksLimit = 2_000;

/** The counters of each check as they stood when it last brought data. A cursor of another version or source is none: counting starts again. */
const ScrapeCursor = z.record(z.string(), z.object({ started: z.number().nullable(), values: z.record(z.string(), z.number()) })).catch({});
type ScrapeCursor = Record<string, CounterMarks>;

/**
 * Reads a target's own `/metrics`, once for all checks of a look. Queries are series selectors. A ratio and a histogram are what their
 * counters have gained since the look before; the first look only begins to count. A target keeps no past.
 */
export function scrapeMetrics(): (settings: ScrapeMetrics) => MetricSource {
  const agents = agentsOf();
  return (settings) => ({
    async look(checks, cursor, signal) {
      const marks = ScrapeCursor.parse(cursor);
      try {
        return lookAtAll(checks, select(await scrape(settings, agents, signal), checks), marks);
      } catch (error) {
        if (!(error instanceof ScrapeFailed)) throw error;
        // The cursor stays: the next look counts what this one missed.
        return { samples: sameForAll(checks, { kind: 'error', reason: error.message }), cursor: marks };
      }
    },
    history: async (checks) => Object.fromEntries(checks.map(({ name }) => [name, []])),
    async selfTest(checks, signal) {
      try {
        const text = await scrape(settings, agents, signal);
        // Everything that was ever counted: a self-test cannot wait for a second look.
        const ask = async (check: Check): Promise<Found> => lookAt(check, select(text, [check]), nothingCounted).found;
        return await Promise.all(checks.map((check) => selfTestOf(check, { ask, isSelector, names: scrapedNames(text) })));
      } catch (error) {
        if (!(error instanceof ScrapeFailed)) throw error;
        // Where nothing is deployed yet, what stands before the region may answer for it, with anything.
        return checks.map(({ name }) => ({ check: name, outcome: error.lasting ? 'broken' : 'unreachable', saw: error.message }));
      }
    },
  });
}

function lookAtAll(checks: Check[], selections: Selections, marks: ScrapeCursor): Awaited<ReturnType<MetricSource['look']>> {
  const found: Record<string, Found> = {};
  const cursor: ScrapeCursor = {};
  let room = marksLimit;
  for (const check of checks) {
    const before = Object.hasOwn(marks, check.name) ? marks[check.name] : undefined;
    const counted = lookAt(check, selections, before);
    const after = counted.after ?? before;
    room -= after === undefined ? 0 : Object.keys(after.values).length;
    found[check.name] = room < 0 ? { kind: 'error', reason: `the checks match more than ${marksLimit} series together: narrow their selectors` } : counted.found;
    if (after !== undefined && room >= 0) cursor[check.name] = after;
  }
  return { samples: Object.fromEntries(Object.entries(found).map(([name, one]) => [name, sampleOf(one)])), cursor };
}
