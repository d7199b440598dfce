import type { JudgedCheck, JudgedSoak } from '../../src/judge/soak.js';
import type { SoakSettings } from '../../src/rollout/document/settings.js';
import type { Check } from '../../src/rollout/schema/check.js';
import type { SoakWork } from '../work.js';

/** What the judge is told of a soak: the checks without their queries, and every time in seconds. */
export const judgedSoak = ({ settings, startedAt, carried, budgetLeft }: SoakWork): JudgedSoak => ({
  deployAt: Date.parse(startedAt) / 1_000,
  step: settings.soak.intervalMs / 1_000,
  checks: settings.checks.map(judgedCheck),
  soak: judgedTimes(settings.soak),
  ...(Object.keys(carried).length > 0 && { carried }),
  ...(budgetLeft !== null && { budgetLeft }),
});

const judgedTimes = ({ minMs, durationMs, maxMs, minSamples, earlyFinish }: SoakSettings): JudgedSoak['soak'] => ({
  min: minMs / 1_000, max: maxMs / 1_000, minSamples, duration: durationMs / 1_000, earlyFinish,
});

function judgedCheck(check: Check): JudgedCheck {
  const { name, kind, margin } = check;
  const common = { name, kind, ...(margin !== undefined && { margin }) };
  if (check.kind === 'ratio') return { ...common, objective: check.objective };
  if (check.kind === 'histogram') return common;
  const { max, min, worse } = check;
  return { ...common, ...(max !== undefined && { max }), ...(min !== undefined && { min }), ...(worse !== undefined && { worse }) };
}
