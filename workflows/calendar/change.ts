import { condition } from '@temporalio/workflow';
import { liftBlock, setBlock } from '../../src/rollout/control/blocks.js';
import { holdFreeze, liftFreeze } from '../../src/rollout/control/freezes.js';
import type { Block } from '../../src/rollout/schema/block.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import { answeredBefore, remember } from '../answered.js';
import { asUpdateAnswer } from '../failures.js';
import type { BlockMessage, CalendarState, FreezeMessage, LiftMessage } from '../messages/calendar.js';
import type { Fingerprinted } from '../messages/fingerprinted.js';
import { changeCalendar, type CalendarRun } from './run.js';

/** Whoever changes the calendar is answered when the pipelines have been told; or after this, when one of them cannot be told. */
const tellingPatience = '5 seconds';

/** One kind of change: the rule that makes it, which may refuse, and what is answered. */
export interface Change<Message extends Fingerprinted, Answer> {
  make(state: CalendarState, message: Message): CalendarState;
  answer(before: CalendarState, after: CalendarState, message: Message): Answer;
}

/** Throws the refusal of the rule; an update that was answered in an earlier run is never refused. */
export function check<Message extends Fingerprinted, Answer>(run: CalendarRun, change: Change<Message, Answer>, message: Message): void {
  if (answeredBefore(run) === undefined) asUpdateAnswer(() => change.make(run.state, message));
}

export async function make<Message extends Fingerprinted, Answer extends object>(
  run: CalendarRun, change: Change<Message, Answer>, message: Message,
): Promise<Answer & Fingerprinted> {
  const answered = answeredBefore<Answer & Fingerprinted>(run);
  if (answered) return answered;
  const before = run.state;
  const after = change.make(before, message);
  changeCalendar(run, after);
  const { fingerprint } = message;
  const answer = remember(run, { ...change.answer(before, after, message), ...(fingerprint !== undefined && { fingerprint }) });
  const { version } = run;
  await condition(() => run.told.version >= version, tellingPatience);
  return answer;
}

const freezeOf = ({ freezes }: CalendarState, name: string): Freeze | undefined => freezes.find((freeze) => freeze.name === name);
const blockNamed = ({ blocks }: CalendarState, name: string): Block | undefined => blocks.find((block) => block.name === name);

export const freeze: Change<FreezeMessage, { freeze: Freeze; created: boolean }> = {
  make: (state, message) => ({ ...state, freezes: holdFreeze(state.freezes, message, now()) }),
  answer: (before, after, { name }) => ({ freeze: freezeOf(after, name)!, created: freezeOf(before, name) === undefined }),
};

export const lift: Change<LiftMessage, { freeze: Freeze | null }> = {
  make: (state, message) => ({ ...state, freezes: liftFreeze(state.freezes, message) }),
  answer: (_before, after, { name }) => ({ freeze: freezeOf(after, name) ?? null }),
};

export const block: Change<BlockMessage, { block: Block; created: boolean }> = {
  make: (state, message) => ({ ...state, blocks: setBlock(state.blocks, message, now()) }),
  answer: (before, after, { name }) => ({ block: blockNamed(after, name)!, created: blockNamed(before, name) === undefined }),
};

export const unblock: Change<{ name: string; by: string } & Fingerprinted, object> = {
  make: (state, { name }) => ({ ...state, blocks: liftBlock(state.blocks, name) }),
  answer: () => ({}),
};

const now = (): string => new Date().toISOString();
