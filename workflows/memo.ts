import type { Block } from '../src/rollout/schema/block.js';
import type { BoardCell, BoardDebt } from '../src/rollout/schema/board.js';
import type { Freeze } from '../src/rollout/schema/freeze.js';
import type { PipelineDocument } from '../src/rollout/schema/pipeline.js';
import type { RolloutSummary } from '../src/rollout/schema/rollout.js';

/** What a list shows of a rollout while no worker is up. Upserted when the status or the phase changes, not more often. */
export interface RolloutMemo extends Record<string, unknown> {
  rollout: Omit<RolloutSummary, 'links'>;
}

/** What a list and the board show of a pipeline while no worker is up. */
export interface PipelineMemo extends Record<string, unknown> {
  pipeline: { name: string; owner: PipelineDocument['owner']; revision: number; environments: string[]; updatedAt: string };
  board: BoardCell[];
  /** Migrations that are not at their end; absent while there is none. */
  debt?: BoardDebt[];
}

/** Freezes and blocks, readable while no worker is up. */
export interface CalendarMemo extends Record<string, unknown> {
  calendar: { freezes: Freeze[]; blocks: Block[] };
}

/** What came of one time of a schedule. */
export interface ScheduledRolloutMemo extends Record<string, unknown> {
  outcome: string;
}
