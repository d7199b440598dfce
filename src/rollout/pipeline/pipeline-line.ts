import { enqueue, grant, lineUp, type Running, type Waiting } from './locks.js';
import type { PipelineLedger } from './pipeline-ledger.js';
import { supersededInLine, supersededRunning, type Takeover } from './supersede.js';

const makeReady = (line: Waiting[], rollout: string): Waiting[] =>
  line.map((each) => (each.rollout === rollout ? { ...each, isReady: true } : each));

/** The workflow of a rollout runs: from now on it can be let in, when it is in line. */
export const markReady = (ledger: PipelineLedger, rollout: string): PipelineLedger => ({
  ...ledger, queue: makeReady(ledger.queue, rollout), scheduled: makeReady(ledger.scheduled, rollout),
});

/** The time of a scheduled rollout has come: it gets its place in line. Said twice, or after its end, it changes nothing. */
export function queueDue(ledger: PipelineLedger, rollout: string): PipelineLedger {
  const due = ledger.scheduled.find((each) => each.rollout === rollout);
  if (due === undefined) return ledger;
  const scheduled = ledger.scheduled.filter((each) => each !== due);
  return { ...ledger, scheduled, queue: enqueue(ledger.queue, { ...due, isReady: true }) };
}

/** Takes a rollout out: its environments are free, or its place in the line is. */
export function endRollout(ledger: PipelineLedger, rollout: string): PipelineLedger {
  const others = <T extends { rollout: string }>(list: T[]): T[] => list.filter((each) => each.rollout !== rollout);
  return { ...ledger, running: others(ledger.running), queue: others(ledger.queue), scheduled: others(ledger.scheduled) };
}

export interface Granted {
  ledger: PipelineLedger;
  /** Rollouts that may begin now. */
  admitted: Waiting[];
  /** Those who wait for somebody else than they were told. */
  moved: Waiting[];
  /** Those who make way for a newer one: in line at once, and at the edge of a wave where they run. */
  superseded: Takeover[];
}

/** Lets newer rollouts take over, gives free environments to those who wait for them, and lines the others up. */
export function grantNext(ledger: PipelineLedger): Granted {
  const overlap = ledger.document?.policy.overlap ?? 'queue';
  const gone = supersededInLine(ledger.queue, overlap);
  const waiting = ledger.queue.filter(({ rollout }) => !gone.some((each) => each.rollout === rollout));
  const { running, queue, admitted } = grant(ledger.running, waiting);
  const leaving = supersededRunning(running, queue, overlap);
  const line = lineUp(running, queue);
  const newerOf = ({ rollout, newer }: Running): string | null => {
    const told = leaving.find((each) => each.rollout === rollout);
    return told === undefined ? newer : told.by;
  };
  return {
    ledger: { ...ledger, running: running.map((each) => ({ ...each, newer: newerOf(each) })), queue: line },
    admitted,
    moved: line.filter((each, index) => each.isReady && each.behind !== queue[index]?.behind),
    superseded: [...gone, ...leaving],
  };
}
