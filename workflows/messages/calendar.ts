import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Block, BlockRequest } from '../../src/rollout/schema/block.js';
import type { Freeze, FreezeRequest } from '../../src/rollout/schema/freeze.js';
import type { Fingerprinted } from './fingerprinted.js';

// What `calendar` is told and asked.

export interface FreezeMessage extends Fingerprinted {
  name: string;
  request: FreezeRequest;
  by: string;
}
/** A hold of `request.owner` (or `by`) on the freeze of this name; it replaces the same owner's hold, and leaves those of others alone. */
export const freezeUpdate = defineUpdate<{ freeze: Freeze; created: boolean } & Fingerprinted, [FreezeMessage]>('freeze');

export interface LiftMessage extends Fingerprinted {
  name: string;
  /** Whose hold is lifted; every one with `*`. */
  owner: string;
  by: string;
}
/** The freeze as it still stands; null when nobody holds it any more. */
export const liftUpdate = defineUpdate<{ freeze: Freeze | null } & Fingerprinted, [LiftMessage]>('lift');

export interface BlockMessage extends Fingerprinted {
  name: string;
  request: BlockRequest;
  by: string;
}
export const blockUpdate = defineUpdate<{ block: Block; created: boolean } & Fingerprinted, [BlockMessage]>('block');
export const unblockUpdate = defineUpdate<Fingerprinted, [{ name: string; by: string } & Fingerprinted]>('unblock');

export interface CalendarState {
  freezes: Freeze[];
  blocks: Block[];
}
export const calendarQuery = defineQuery<CalendarState>('calendar');

/** From a pipeline: it wants to be told. */
export const subscribeSignal = defineSignal<[{ pipeline: string }]>('subscribe');
