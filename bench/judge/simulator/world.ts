import type { CheckLook, Look, Sample } from '../../../src/judge/sample.js';
import type { JudgedSoak } from '../../../src/judge/soak.js';
import { durations, latency, memory, measureRatio, type Measured } from './metrics.js';
import { sinceDeploy, type Grid, type Term } from './noise.js';
import { randomOf, type Random } from './random.js';
import { metricNames, type MetricName, type Scenario } from './scenario.js';

/** One soak with everything that is known of it. */
export interface SimulatedSoak {
  soak: JudgedSoak;
  history: Look[];
  looks: Look[];
  /** Failed requests of the region under test at each look of the soak, seen or not. */
  bad: number[];
  /**
   * The logarithm of how much more likely each look of the soak is with the release as it is than with one that changes nothing, to someone
   * who knows both and the noise: what LIMIT adds up.
   */
  evidence: number[];
}

/** How far each metric moves when errors move by 1, in logarithms: latencies and memory are steadier than errors. */
const liveliness: Record<MetricName, number> = { errors: 1, slow: 0.7, latency: 0.15, durations: 0.15, memory: 0.1 };

/** How far regions lie apart for good, as the deviation of a logarithm. */
const apart: Record<MetricName, number> = { errors: 0.3, slow: 0.3, latency: 0.2, durations: 0.2, memory: 0.1 };

const deployAt = Date.UTC(2026, 10, 20, 12) / 1000;

/** The soak of this scenario that has this seed: always the same, whatever was simulated before. */
export function simulate(scenario: Scenario, seed: string): SimulatedSoak {
  const random = randomOf(`${seed}/${scenario.name}`);
  const { place } = scenario;
  const history = Math.round((place.historyHours * 3600) / place.step);
  const grid: Grid = { history, step: place.step, looks: history + Math.round((place.soakMinutes * 60) / place.step) };
  const names = ['region', ...Array.from({ length: place.controls }, (_, index) => `control-${index + 1}`)];
  const traffic = drift(scenario.traffic ?? [], names, grid, random);
  const requests = names.map((_, at) => Array.from({ length: grid.looks }, (__, look) =>
    random.poisson(place.requestsPerSecond * place.step * Math.exp(traffic[at]?.[look] ?? 0))));
  const measured = metricNames.map((metric) => measureAll(metric, scenario, names, requests, grid, random));
  const seen = shown(scenario, names, grid, random);
  const looks = Array.from({ length: grid.looks }, (_, look) => lookAt(look, measured, names, seen, grid));
  return {
    soak: soakOf(scenario),
    history: looks.slice(0, history),
    looks: looks.slice(history),
    bad: (measured[0]?.[0]?.samples ?? []).slice(history).map((sample) => (sample.kind === 'ratio' ? sample.bad : 0)),
    evidence: Array.from({ length: grid.looks - history }, (_, at) =>
      seen[0]?.[history + at] === true ? measured.reduce((sum, regions) => sum + (regions[0]?.evidence[history + at] ?? 0), 0) : 0),
  };
}

const soakOf = ({ place }: Pick<Scenario, 'place'>): JudgedSoak => ({
  deployAt,
  step: place.step,
  checks: [
    { name: 'errors', kind: 'ratio', objective: 1 - place.errorShare },
    { name: 'slow', kind: 'ratio', objective: 0.95 },
    { name: 'latency', kind: 'value' },
    { name: 'durations', kind: 'histogram' },
    { name: 'memory', kind: 'value', max: 0.95 },
  ],
  soak: { min: 600, max: place.soakMinutes * 60, duration: place.soakMinutes * 60, minSamples: 100 },
});

/** One metric in all regions, the one under test first. */
function measureAll(metric: MetricName, scenario: Scenario, names: string[], requests: number[][], grid: Grid, random: Random): Measured[] {
  const theta = drift(scenario.terms, names, grid, random);
  const log = factorAt(metric, scenario, grid);
  return names.map((_, at) => {
    const base = apart[metric] * random.normal();
    const scale = liveliness[metric];
    const drifts = Float64Array.from(theta[at] ?? [], (value) => base + scale * value);
    return measurers[metric]({ scenario, random, requests: requests[at] ?? [], drifts, worse: (look) => (at === 0 ? log(look) : 0) });
  });
}

const measurers = {
  errors: measureRatio((scenario) => scenario.place.errorShare),
  slow: measureRatio(() => 0.01),
  latency, durations, memory,
};

/** What each region is multiplied by, as a logarithm, for each look. */
function drift(terms: Term[], names: string[], grid: Grid, random: Random): Float64Array[] {
  const sums = names.map(() => new Float64Array(grid.looks));
  const add = (at: number, values: Float64Array): void => sums[at]?.forEach((sum, look, all) => (all[look] = sum + (values[look] ?? 0)));
  for (const { whose, noise } of terms) {
    if (whose === 'each') names.forEach((_, at) => add(at, noise(grid, random)));
    else {
      const values = noise(grid, random);
      names.forEach((_, at) => concerns[whose](at) && add(at, values));
    }
  }
  return sums;
}

const concerns = {
  all: () => true,
  region: (at: number) => at === 0,
  controls: (at: number) => at > 0,
  'one-control': (at: number) => at === 1,
};

/** The logarithm of the release's effect on a metric, by look. */
function factorAt(metric: MetricName, { effect }: Scenario, grid: Grid): (look: number) => number {
  const factor = effect?.factors[metric];
  if (effect === undefined || factor === undefined) return () => 0;
  const whole = Math.log(effect.pods === undefined ? factor : 1 + (factor - 1) / effect.pods);
  return (look) => {
    const minutes = sinceDeploy(grid, look) - (effect.onset ?? 0);
    if (minutes < 0) return 0;
    return effect.ramp === undefined ? whole : whole * Math.min(1, (minutes + grid.step / 60) / effect.ramp);
  };
}

/** Which samples are there, by region and look. */
function shown({ missing }: Scenario, names: string[], grid: Grid, random: Random): boolean[][] {
  return names.map(() => {
    const there = Array.from({ length: grid.looks }, () => missing === undefined || random.uniform() >= missing.share);
    if (missing === undefined) return there;
    for (let look = 0; look < grid.looks; look++) {
      if (random.uniform() < (missing.gapsPerHour * grid.step) / 3600) there.fill(false, look, look + Math.round((missing.gapMinutes * 60) / grid.step));
    }
    return there;
  });
}

const nothing: Sample = { kind: 'no-data', reason: 'nothing was scraped' };

function lookAt(look: number, measured: Measured[][], names: string[], seen: boolean[][], grid: Grid): Look {
  // The look at the deploy itself is left out: what it counts is from before.
  const t = deployAt + (look - grid.history + (look < grid.history ? 0 : 1)) * grid.step;
  const sample = (regions: Measured[], at: number): Sample => (seen[at]?.[look] === true ? (regions[at]?.samples[look] ?? nothing) : nothing);
  const checks: Record<string, CheckLook> = {};
  metricNames.forEach((name, index) => {
    const regions = measured[index] ?? [];
    const controls: Record<string, Sample> = {};
    for (let at = 1; at < names.length; at++) controls[names[at] ?? ''] = sample(regions, at);
    checks[name] = { region: sample(regions, 0), controls };
  });
  return { t, checks };
}
