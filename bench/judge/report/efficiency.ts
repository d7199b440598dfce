import { meridianLabel, type Benchmark } from '../benchmark.js';
import { graceMinutes } from '../limit.js';
import type { Scenario } from '../simulator/scenario.js';
import { limitAfterGraceName, limitName } from '../work.js';

/** How much longer Meridian takes than LIMIT, in medians; minutes count from when the release gets bad. */
export interface Efficiency {
  scenario: Scenario;
  meridian: number | null;
  /** Counts from the deploy. */
  limit: number | null;
  /** Both counted from the end of the grace: 1 is as good as LIMIT. Null where Meridian finds less than half. */
  ratio: number | null;
}

export function efficiencyOf(benchmark: Benchmark, scenario: Scenario): Efficiency {
  const meridian = benchmark.summary(meridianLabel, [scenario]).medianMinutes;
  const limit = benchmark.summary(limitName, [scenario]).medianMinutes;
  const afterGrace = benchmark.summary(limitAfterGraceName, [scenario]).medianMinutes;
  // What is left of the grace when the release gets bad.
  const grace = Math.max(0, graceMinutes - (scenario.effect?.onset ?? 0));
  const look = scenario.place.step / 60;
  const waited = (minutes: number): number => Math.max(look, minutes - grace);
  return { scenario, meridian, limit, ratio: meridian === null || afterGrace === null ? null : waited(meridian) / waited(afterGrace) };
}
