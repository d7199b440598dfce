import type { CheckSettings, CheckState } from './check-judge.js';
import { Comparison, type ComparisonSettings } from './evidence/comparison.js';
import { Incident } from './evidence/incident.js';
import { Objective, type ObjectiveState } from './evidence/objective.js';
import { kindOf } from './kinds/kind-of.js';
import { standardNoise } from './noise/noise.js';
import { asCompared } from './samples.js';
import type { CheckLook } from './sample.js';

/** What a check is held against. */
export interface CheckStart {
  /** Null before there is anything to compare with. */
  comparison: Comparison | null;
  objective: Objective | null;
  incident: Incident;
}

/** As the past has taught; `history` are looks before the deploy. */
export function openCheck(settings: CheckSettings, history: CheckLook[]): CheckStart {
  const looks = history.map((look) => asCompared(look, settings.check));
  const comparison = openComparison(settings, looks);
  return { comparison, objective: objectiveOf(settings, comparison), incident: Incident.open(kindOf(settings.check.kind), settings.times, looks) };
}

export function restoreCheck(settings: CheckSettings, state: CheckState): CheckStart {
  const comparison = state.comparison && Comparison.restore(comparing(settings), state.comparison);
  return {
    comparison, objective: objectiveOf(settings, comparison, state.objective ?? undefined),
    incident: Incident.restore(kindOf(settings.check.kind), settings.times, state.incident),
  };
}

/** Where there is no past, the first look with controls decides that they are what the region is compared with. */
export const compareWithControls = (settings: CheckSettings): Comparison => Comparison.open(comparing(settings), [], 'controls');

/** The past decides what the region is compared with. */
function openComparison(settings: CheckSettings, looks: CheckLook[]): Comparison | null {
  const { kind } = settings.check;
  const heard = looks.filter(({ region }) => region.kind === kind);
  if (heard.length === 0) return null;
  const withControls = heard.filter(({ controls }) => Object.values(controls).some((control) => control.kind === kind));
  return Comparison.open(comparing(settings), looks, withControls.length * 10 >= heard.length ? 'controls' : 'past');
}

const comparing = ({ check, times, soakMax, margin }: CheckSettings): ComparisonSettings => ({ kind: kindOf(check.kind), times, margin, soakMax });

function objectiveOf({ check: { kind, objective } }: CheckSettings, comparison: Comparison | null, state?: ObjectiveState): Objective | null {
  if (kind !== 'ratio' || objective === undefined) return null;
  // Without the dust of binary fractions: 1 − 0.9 must not be less than 0.1.
  return new Objective(Number((1 - objective).toPrecision(12)), comparison?.noise.spread ?? standardNoise.ratio.spread, state);
}
