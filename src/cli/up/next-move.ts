import type { BoardCell } from '../../rollout/schema/board.js';
import type { RolloutSummary } from '../../rollout/schema/rollout.js';
import { isTerminal, type RolloutStatus } from '../../rollout/states/statuses.js';

/** What a start does about the release that it was asked to ship. */
export type NextMove =
  /** A rollout of this release is under way: an earlier start was ended in the middle of it, or somebody else ships it. */
  | { kind: 'follow'; rollout: string }
  /** A rollout of another release holds the environments, or stands in line for them. */
  | { kind: 'wait-for'; rollout: string }
  /** The release is verified in every region already. */
  | { kind: 'nothing' }
  | { kind: 'ship' };

export type KnownRollout = Pick<RolloutSummary, 'id' | 'number' | 'release' | 'contract' | 'status'>;
export type KnownCell = Pick<BoardCell, 'release' | 'verified'>;

/**
 * Decides from the rollouts and the board of one pipeline. A rollout of the release that is over, however it ended, is no reason not to
 * ship it again.
 */
export function nextMove(release: string, rollouts: KnownRollout[], cells: KnownCell[]): NextMove {
  const open = rollouts.filter(({ status }) => !isTerminal(status)).toSorted((one, other) => one.number - other.number);
  const admitted = open.filter(({ status }) => !isInLine(status));
  // A contract names what runs where it goes, and ships nothing.
  const isOurs = (rollout: KnownRollout): boolean => rollout.release === release && rollout.contract === undefined;
  // Ours may stand in line behind one that waits for a person: then that one is what must be shown.
  const rollout = admitted.find(isOurs) ?? admitted[0] ?? open.find(isOurs) ?? open[0];
  const isEverywhere = cells.length > 0 && cells.every((cell) => cell.release === release && cell.verified);
  if (isEverywhere && rollout?.contract !== undefined) return { kind: 'nothing' };
  if (rollout !== undefined) return { kind: isOurs(rollout) ? 'follow' : 'wait-for', rollout: rollout.id };
  return { kind: isEverywhere ? 'nothing' : 'ship' };
}

/** Has not been given its environments yet. */
const isInLine = (status: RolloutStatus): boolean => status === 'queued' || status === 'scheduled';
