import { judgedChecks } from './judged-checks.js';
import { quantiles, type Quantiles } from './quantiles.js';
import type { Look, Sample } from '../../src/judge/sample.js';
import { openJudge, restoreJudge } from '../../src/judge/soak-judge.js';
import type { JudgedCheck } from '../../src/judge/soak.js';

export interface EngineCost {
  checks: string;
  controls: number;
  /** Restore from JSON, one look, save to JSON, divided by the checks: processor time (µs). */
  perCheck: Quantiles;
  /** The saved judge (bytes of JSON). */
  stateBytes: number;
}

const step = 30;
const start = 1_790_000_000;

/** What one look costs as the live watch does it: the judge comes out of JSON, observes, and goes back. */
function engineCost(checks: JudgedCheck[], controls: number, looks: number): EngineCost {
  const history = Array.from({ length: 480 }, (_, index) => lookAt(checks, controls, start - (480 - index) * step));
  let saved = JSON.stringify(openJudge({ deployAt: start, step, checks, soak: { min: 86_400, max: 2 * 86_400 } }, history).save());
  const costs: number[] = [];
  for (let at = 1; at <= looks; at += 1) {
    const look = lookAt(checks, controls, start + at * step);
    // Processor time, not time by the clock: whatever else runs on the machine is not counted.
    const began = process.cpuUsage();
    const judge = restoreJudge(JSON.parse(saved) as Record<string, unknown>);
    judge.observe(look);
    saved = JSON.stringify(judge.save());
    const { user, system } = process.cpuUsage(began);
    costs.push((user + system) / checks.length);
  }
  return { checks: checks.map(({ kind }) => kind).join(', '), controls, perCheck: quantiles(costs), stateBytes: saved.length };
}

/** Quiet samples, the same in every run: what they say does not change what they cost. */
const lookAt = (checks: JudgedCheck[], controls: number, t: number): Look => ({
  t,
  checks: Object.fromEntries(checks.map((check, index) => [check.name, {
    region: sampleAt(check.kind, t + index),
    controls: Object.fromEntries(Array.from({ length: controls }, (_, each) => [`control-${each}`, sampleAt(check.kind, t + index + 7 * (each + 1))])),
  }])),
});

function sampleAt(kind: JudgedCheck['kind'], t: number): Sample {
  const wave = 1 + 0.05 * Math.sin(t / 300) + 0.02 * Math.sin(t * 1.7);
  const total = Math.round(6_000 * wave);
  switch (kind) {
    case 'ratio':
      return { kind, bad: Math.round(total * 0.002 * wave), total };
    case 'value':
      return { kind, value: 60e6 * wave };
    case 'histogram':
      return { kind, buckets: Object.fromEntries(Object.entries({ 0.005: 0.31, 0.025: 0.84, 0.1: 0.97, 0.3: 0.992, 1: 0.998, 3: 0.9995, '+Inf': 1 })
        .map(([edge, share]) => [edge, Math.round(total * share)])) };
  }
}

const oneOf = (kind: JudgedCheck['kind']): JudgedCheck[] => judgedChecks.filter((check) => check.kind === kind).slice(0, 1);

/** Each kind alone, and the five checks of a soak together. */
export const engineCosts = (looks: number): EngineCost[] => [
  ...(['ratio', 'value', 'histogram'] as const).map((kind) => engineCost(oneOf(kind), 3, looks)),
  engineCost(judgedChecks, 3, looks),
  engineCost(judgedChecks, 8, looks),
];
