import { MeridianFailure } from '../failure.js';
import { placeKey, type Place } from '../places.js';
import type { Release } from '../schema/release.js';

/** What an undo goes between, and what it may meet on its way. */
export interface UndoPath {
  /** The release that is taken away. */
  from: Release;
  /** What must run afterwards; null for nothing. */
  to: Release | null;
  /** Version of what ran before the step that is undone; null for nothing. */
  previous: string | null;
  /** A person wants the undo whatever is there. */
  overwrite: boolean;
}

/**
 * Throws `Drift` when a place runs what this rollout has not put there and does not want there: somebody else has changed it, and knows
 * why. A place where nothing runs is nobody's change: a deploy that ended half-way and a release that crashed look like that, too.
 */
export function refuseDrift(place: Place, { from, to, previous, overwrite }: UndoPath, found: Release | null): void {
  if (overwrite || found === null || [from.version, to?.version, previous].includes(found.version)) return;
  throw new MeridianFailure(
    'Drift',
    `${placeKey(place)} runs ${found.version}, which is neither ${from.version}, to be taken away, nor ${to?.version ?? 'nothing'}, to be put back: `
      + 'somebody else has changed it since. It was left alone. Retry overwrites it; skip keeps it.',
  );
}
