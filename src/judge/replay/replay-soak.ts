import { openJudge, restoreJudge, type SoakJudge } from '../soak-judge.js';
import type { JudgeOptions } from '../soak.js';
import type { SoakVerdict } from '../verdict.js';
import type { ReadSoak } from './read-soak.js';

/** A verdict for each look from the deploy on, by the judge of the live watch. */
export function* replaySoak(read: ReadSoak, options: JudgeOptions = {}): Generator<SoakVerdict> {
  const judge = judgeOf(read, options);
  for (const look of read.looks) yield judge.observe(look);
}

const judgeOf = ({ soak, history, learned }: ReadSoak, options: JudgeOptions): SoakJudge =>
  learned === undefined ? openJudge(soak, history, options) : restoreJudge(learned, options);
