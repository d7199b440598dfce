import { needsPerson } from '../rollout/control/needs-person.js';
import type { Rollout } from '../rollout/schema/rollout.js';
import type { RolloutStatus } from '../rollout/states/statuses.js';

/** How every command ends. Scripts read these; docs and help repeat this table. */
export const exitCodes = {
  /** What was asked for is done. */
  done: 0,
  /** The request was refused, or could not be made. */
  refused: 1,
  /** The rollout was rolled back: its regions run what ran before. */
  rolledBack: 2,
  /** The rollout is held, or waits for a person. */
  waiting: 3,
  /** The rollout failed, was aborted or was superseded. */
  failed: 4,
  /** `--timeout` is over and the rollout still goes on by itself. */
  timedOut: 5,
  /** The command line is not right (EX_USAGE of sysexits.h). */
  usage: 64,
  /** Ended by Ctrl-C before there was an outcome (128 + SIGINT, as a shell counts). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** `goes-on`: nobody needs to do anything, so whoever waits for the rollout waits on. */
const outcomes: Record<RolloutStatus, ExitCode | 'goes-on'> = {
  scheduled: 'goes-on',
  queued: 'goes-on',
  running: 'goes-on',
  'rolling-back': 'goes-on',
  succeeded: exitCodes.done,
  'rolled-back': exitCodes.rolledBack,
  waiting: exitCodes.waiting,
  paused: exitCodes.waiting,
  held: exitCodes.waiting,
  stuck: exitCodes.waiting,
  aborted: exitCodes.failed,
  failed: exitCodes.failed,
  superseded: exitCodes.failed,
};

/** The exit code of a rollout that has ended or needs a person; undefined while it goes on by itself, as at a window that opens in time. */
export function exitCodeOf(rollout: Pick<Rollout, 'status' | 'regions' | 'waitingFor'>): ExitCode | undefined {
  const outcome = rollout.status === 'waiting' && !needsPerson(rollout) ? 'goes-on' : outcomes[rollout.status];
  return outcome === 'goes-on' ? undefined : outcome;
}
