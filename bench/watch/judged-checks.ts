import type { JudgedCheck } from '../../src/judge/soak.js';
import { checks } from './soaks.js';

/** The checks of each soak, as the judge is told of them. */
export const judgedChecks: JudgedCheck[] = checks.map((check) => {
  const { name, kind, margin } = check;
  if (check.kind === 'ratio') return { name, kind, margin, objective: check.objective };
  return check.kind === 'value' ? { name, kind, margin, max: check.max, min: check.min, worse: check.worse } : { name, kind, margin };
});
