import { restoreJudge, type JudgeState, type SoakJudge } from '../../src/judge/soak-judge.js';
import { headerLine } from '../../src/judge/replay/header-line.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { Dependencies } from '../dependencies.js';
import type { SoakHeartbeat } from '../soak-heartbeat.js';
import type { SoakWork } from '../work.js';
import { judgedSoak } from './judged-soak.js';
import { learn } from './learning/learn.js';
import { readPast } from './past.js';
import { connectSources } from './sources.js';

/** A judge at work, and what the watch tells of it. */
export interface Bench extends Pick<SoakHeartbeat, 'lines' | 'notes'> {
  judge: SoakJudge;
}

/** The judge of the look before; undefined when there was none, or it cannot be understood. */
export function restoreBench(before: SoakHeartbeat | undefined): Bench | undefined {
  const judge = before === undefined ? undefined : restored(before.judge);
  return judge === undefined ? undefined : { judge, lines: before!.lines, notes: before!.notes };
}

function restored(state: JudgeState): SoakJudge | undefined {
  try {
    return restoreJudge(state);
  } catch {
    return undefined; // of another version
  }
}

/**
 * A judge that has learned from the past of the place and its controls. `met` is what another version of the watch has left behind: it
 * cannot be read, and that is said.
 */
export async function openBench(dependencies: Dependencies, work: SoakWork, met: unknown, signal: AbortSignal): Promise<Bench> {
  // What ran there before is what the past is of.
  const past = await readPast(await connectSources(dependencies, work, work.previous), work, signal);
  const soak = judgedSoak(work);
  const judge = await judgeable(learn({ soak, past: past.looks }, signal));
  const notes = [...(met === undefined ? [] : ['the watch began anew: what it had kept is of another version']), ...past.notes];
  return { judge, lines: [headerLine(soak, judge.save())], notes };
}

async function judgeable(learned: Promise<SoakJudge>): Promise<SoakJudge> {
  try {
    return await learned;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MeridianFailure('InvalidRequest', `this soak cannot be judged: ${error.message}`, { cause: error });
  }
}
