import type { Place } from '../places.js';
import type { Release } from '../schema/release.js';

/** The compensation of one step, recorded before the step runs. Data: whoever holds the list can run it. */
export type RegionUndo = DeployUndo | SchemaUndo;

export interface DeployUndo {
  step: 'deploy';
  /** The release that the step puts there and the undo takes away. */
  from: Release;
  /** What ran before, as it was found; null when nothing did. The board's last-known-good goes before it. */
  previous: Release | null;
  /** Somebody else had changed the region, and a person took `previous` as what an undo puts back. */
  isAccepted?: true;
  /** Idempotency key of the undo. */
  key: string;
}

/** A phase of migrations is taken back; after the code that needs it, since it was done before. */
export interface SchemaUndo {
  step: 'expand' | 'contract';
  /** In the order in which they were applied. */
  migrations: string[];
}

/** The deploy that is still to be undone; what ran before it stands there. */
export const deployUndo = (undos: RegionUndo[]): DeployUndo | undefined => undos.findLast((undo) => undo.step === 'deploy');

export interface Undoable extends Place {
  wave: number;
  undo: RegionUndo[];
}

/** Compensations run in the reverse order of their steps. */
export const undoOrder = (undos: RegionUndo[]): RegionUndo[] => undos.toReversed();

/** The groups in which a rollout is rolled back: the last wave first. Regions and tenants of one wave go back together. */
export function rollbackOrder<T extends Undoable>(finished: T[]): T[][] {
  const groups: T[][] = [];
  for (const region of finished.filter(({ undo }) => undo.length > 0)) {
    const last = groups.at(-1)?.[0];
    if (last !== undefined && last.environment === region.environment && last.wave === region.wave) groups.at(-1)!.push(region);
    else groups.push([region]);
  }
  return groups.toReversed();
}
