import { log } from '@temporalio/workflow';
import type { Cell } from '../../src/rollout/pipeline/board.js';
import { noteFound } from '../../src/rollout/pipeline/pipeline-changes.js';
import { placeKey, placeOf } from '../../src/rollout/places.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { isExpected } from '../failures.js';
import { questions } from '../timeouts.js';
import { changeLedger, now, type PipelineRun } from './run.js';

const unknownCells = (run: PipelineRun): Cell[] =>
  run.ledger.cells.filter((cell) => cell.status === 'unknown' && !run.unobservable.includes(placeKey(cell)));

/** There are places that nobody has looked at, and nobody is on the way. */
export const hasUnknown = (run: PipelineRun): boolean => !run.isLooking && unknownCells(run).length > 0;

/** Looks what runs in places that the board does not know yet: what is found there is what an undo puts back. */
export async function adoptUnknown(run: PipelineRun): Promise<void> {
  const { document } = run.ledger;
  if (document === null) return;
  run.isLooking = true;
  await Promise.all(unknownCells(run).map(async (cell) => {
    const found = await observe(document, cell);
    if (found === undefined) run.unobservable.push(placeKey(cell));
    else changeLedger(run, noteFound(run.ledger, cell, found, now()));
  }));
  run.isLooking = false;
}

/** Undefined when the region cannot be asked now; its first rollout will ask again. */
async function observe(document: PipelineDocument, cell: Cell): Promise<Release | null | undefined> {
  const place = placeOf(cell);
  try {
    return await questions.observeRegion.executeWithOptions(
      { summary: `what runs in ${placeKey(place)}?` },
      [{ ...place, pipeline: document.name, settings: regionSettings(document, place) }],
    );
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.info('a region could not be asked what runs there', { place: placeKey(place), error: String(error) });
    return undefined;
  }
}
