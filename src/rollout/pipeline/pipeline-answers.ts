import { blockOf } from '../control/blocks.js';
import { lastKnownGood } from './board.js';
import { schemaRefusal } from '../migrations/compatible.js';
import { schemaAt } from '../migrations/records.js';
import type { PipelineLedger } from './pipeline-ledger.js';
import { isSamePlace, placeKey, type Place } from '../places.js';
import { overrideText } from './releases.js';
import type { BoardCell } from '../schema/board.js';
import type { Release } from '../schema/release.js';

// What regions, rollouts and people ask of what a pipeline knows.

/** What a region asks before it changes or undoes anything: what an undo puts back, and what should run there. */
export function baselineIn({ name, cells, bundles, blocks, releases, migrations }: PipelineLedger, question: Place & { not: string }) {
  const cell = cells.find((each) => isSamePlace(each, question));
  const bundleOf = (version: string): Release => bundles[version] ?? { version };
  const schema = schemaAt(migrations, question);
  const good = lastKnownGood(cells, question, {
    isBlocked: (version) => blockOf(blocks, name, bundleOf(version)) !== null,
    fits: (version) => schemaRefusal(bundleOf(version), schema) === null,
  });
  return {
    good: good === null ? null : bundleOf(good),
    onBoard: { release: cell?.release ?? null, status: cell?.status ?? ('unknown' as const) },
    isVerified: Object.hasOwn(releases.find(({ release }) => release.version === question.not)?.verified ?? {}, placeKey(question)),
  };
}

/** What keeps a rollout of this release, or single regions of it, from starting anything new. */
export const holdsFor = ({ name, releases, freezes, drained, blocks }: PipelineLedger, version: string) => ({
  freezes,
  drained,
  block: blockOf(blocks, name, releases.find(({ release }) => release.version === version)?.release ?? { version }),
});

/** The board as the API shows it: without the bundles, with why a region is left out and who passed over what. */
export const boardOf = ({ cells, drained, releases }: PipelineLedger): BoardCell[] =>
  cells.map(({ good: _good, ...cell }) => ({
    ...cell, drained: drained[cell.region] ?? null, override: overrideText(releases, cell.release),
  }));
