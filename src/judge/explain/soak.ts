import type { Decided } from '../decide.js';
import type { JudgedSoak } from '../soak.js';
import type { CheckVerdict, SoakCause } from '../verdict.js';
import { listed, time } from './words.js';

export interface ExplainedSoak {
  t: number;
  soak: JudgedSoak;
  decided: Decided;
  checks: CheckVerdict[];
  credited: number;
  /** Effects as large as the margins are excluded in every check. */
  isExcluded: boolean;
  /** Controls that got worse by themselves. */
  sick: string[];
}

/** One line: what is decided, and the checks that decide it. */
export function explainSoak(explained: ExplainedSoak): string {
  const deciding = decidingChecks(explained);
  const words = deciding.map(({ explanation }) => explanation).join(' | ');
  return `${headline(explained)}${words === '' ? '' : `: ${words}`}`;
}

const holds: Record<SoakCause, string> = {
  evidence: 'held, because there is evidence that something got worse',
  catastrophe: 'held',
  limit: 'held',
  'global-incident': 'held, because the controls got worse too: this is no matter of the release alone, and a person should look',
  'no-reference': 'held, because it got worse than in its own past, and nothing says that the release did it',
  budget: 'held, because the release has cost more bad requests than the rollout may',
  error: 'held',
};

const failures: Partial<Record<SoakCause, string>> = {
  catastrophe: 'failed at once, too bad for any warm-up',
  limit: 'failed, beyond a hard limit',
};

function headline({ decided: { decision, cause, needs }, soak: { soak }, credited, sick, isExcluded }: ExplainedSoak): string {
  switch (decision) {
    case 'continue':
      return `${time(credited)} of ${time(Math.max(soak.min, soak.duration ?? 0))} credited`;
    case 'hold':
      return `${holds[cause ?? 'evidence']}${cause === 'global-incident' ? ` (${listed(sick)})` : ''}`;
    case 'fail':
      return failures[cause ?? 'evidence'] ?? 'failed, because something got worse';
    case 'pass':
      return isExcluded ? 'passed, no regression that matters' : 'passed within its objectives and limits, with too little known of the noise to exclude more';
    case 'extend':
      return `extended${needs === undefined ? '' : ` by about ${time(needs)}`}, until ${time(soak.max)} at most, because it is not proven yet that nothing got worse`;
    case 'inconclusive':
      return `inconclusive after ${time(soak.max)}`;
    case 'no-data':
      return cause === 'error' ? 'held, because the metrics cannot be read' : 'held for want of data';
  }
}

/** Those that a decision rests on; all of them where it rests on all. */
function decidingChecks({ decided: { decision, cause }, checks }: ExplainedSoak): CheckVerdict[] {
  if (decision === 'fail') return checks.filter(({ verdict }) => verdict === 'fail');
  if (decision === 'no-data') return checks.filter(({ verdict }) => verdict === 'no-data' || verdict === 'error');
  if (decision === 'extend' || decision === 'inconclusive') return checks.filter(({ verdict }) => verdict !== 'pass');
  if (decision === 'hold' && (cause === 'evidence' || cause === 'no-reference')) return worst(checks);
  return checks;
}

const worst = (checks: CheckVerdict[]): CheckVerdict[] => checks.toSorted((left, right) => right.logE - left.logE).slice(0, 1);
