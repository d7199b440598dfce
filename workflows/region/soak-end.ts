import { condition } from '@temporalio/workflow';
import { formatDuration } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import type { SoakFinding } from '../messages/region.js';
import { clearFailure, fail, move, nameOf, report, type RegionRun } from './run.js';

/** What a soak has come to. */
export type SoakEnd =
  | { is: 'passed'; note?: string }
  /** A newer rollout takes over, or a person goes on without the region. */
  | { is: 'left' }
  /** A person wants the region to soak again, from the beginning. */
  | { is: 'again' }
  /** The judge has found it bad: undone, or held where the document wants a person. */
  | { is: 'regressed'; failure: MeridianFailure }
  /** The watch cannot work: held. */
  | { is: 'broken'; failure: MeridianFailure }
  /** A person has said no: undone. */
  | { is: 'rejected'; failure: MeridianFailure };

export const regressed = (run: RegionRun, { explanation }: SoakFinding): SoakEnd =>
  ({ is: 'regressed', failure: new MeridianFailure('RegionRegressed', `${nameOf(run)} got worse with ${run.input.release.version}: ${explanation}.`) });

/** Held without data until there is some, which the soak then goes on with, or until a person wants it to begin again. */
export async function holdWhileSilent(run: RegionRun): Promise<'data' | 'again'> {
  const { cause, max, explanation } = run.state.soak!;
  await hold(run, new MeridianFailure(cause === 'error' ? 'MetricSourceFailed' : 'NoData',
    `${nameOf(run)} has soaked ${run.input.release.version} for ${formatDuration(max)} without enough evidence: ${explanation}. It goes on by itself when data comes.`));
  await condition(() => run.state.soak!.decision !== 'no-data' || isWantedAgain(run));
  clearFailure(run);
  if (isWantedAgain(run)) return 'again';
  run.soak.silentMs = 0;
  move(run, 'soak');
  await report(run, `${nameOf(run)} has data again, and soaks on`);
  return 'data';
}

/** `max` has been credited, and nothing is proven: what the document wants then. A standing suspicion is never passed over without a person. */
export async function settleInconclusive(run: RegionRun): Promise<SoakEnd> {
  const { onInconclusive } = run.input.settings.soak;
  const { explanation, max } = run.state.soak!;
  if (onInconclusive === 'continue' && isMerelyUnproven(run.state.soak!)) return { is: 'passed', note: `passed by the pipeline's policy, though nothing was proven: ${explanation}` };
  run.soak.isAsked = onInconclusive !== 'hold';
  const choices = run.soak.isAsked ? 'Approve to let it through, reject to undo it, resume to soak again' : 'Resume to soak again, rollback or abort';
  await hold(run, new MeridianFailure('SoakInconclusive',
    `${nameOf(run)} has soaked ${run.input.release.version} for ${formatDuration(max)}, and nothing is proven: ${explanation}. ${choices}.`));
  await condition(() => answered(run) !== undefined);
  const end = answered(run)!;
  run.soak.isAsked = false;
  clearFailure(run);
  return end;
}

/** The judge has seen its minimum, and suspects nothing: whoever has seen less does not know that much. */
const isMerelyUnproven = ({ decision, cause }: Pick<SoakFinding, 'decision' | 'cause'>): boolean =>
  cause === undefined && (decision === 'inconclusive' || decision === 'extend');

/** What a person has answered. */
function answered(run: RegionRun): SoakEnd | undefined {
  if (isWantedAgain(run)) return { is: 'again' };
  if (!run.soak.isAsked) return undefined;
  const [yes, no] = [answer(run, 'approve'), answer(run, 'reject')];
  if (yes) return { is: 'passed', note: `${yes.by} let it through: ${yes.reason}` };
  return no && { is: 'rejected', failure: new MeridianFailure('ApprovalRejected', `${no.by} rejected ${run.input.release.version} in ${nameOf(run)}: ${no.reason}`) };
}

const answer = (run: RegionRun, wanted: DecisionKind): Decision | undefined => run.inbox.find(({ kind }) => kind === wanted)?.decision;
const isWantedAgain = (run: RegionRun): boolean => answer(run, 'resume') !== undefined;

/** Holds the region, and with it the rollout: from here on a person's answers count. */
async function hold(run: RegionRun, { code, message }: MeridianFailure): Promise<void> {
  fail(run, { code, message });
  if (run.state.status !== 'held') move(run, 'hold');
  run.inbox = [];
  await report(run, `${nameOf(run)} is held: ${message}`);
}

/** The same after the watch has ended: until a person wants a new one. */
export async function holdUntilResumed(run: RegionRun, failure: MeridianFailure, isLeft: () => boolean): Promise<'left' | 'again'> {
  await hold(run, failure);
  await condition(() => isLeft() || isWantedAgain(run));
  clearFailure(run);
  return isWantedAgain(run) ? 'again' : 'left';
}
