import { log } from '@temporalio/workflow';
import { adopt, type Cell } from '../../src/rollout/board.js';
import { regionSettings } from '../../src/rollout/settings.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { isExpected } from '../failures.js';
import { questions } from '../timeouts.js';
import { changeLedger, now, type PipelineRun } from './run.js';

const keyOf = (cell: Cell): string => `${cell.environment}/${cell.region}`;

const unknownCells = (run: PipelineRun): Cell[] =>
  run.ledger.cells.filter((cell) => cell.status === 'unknown' && !run.unobservable.includes(keyOf(cell)));

export const hasUnknown = (run: PipelineRun): boolean => unknownCells(run).length > 0;

/** Looks what runs in regions that the board does not know yet: what is found there is what an undo puts back. */
export async function adoptUnknown(run: PipelineRun): Promise<void> {
  await Promise.all(unknownCells(run).map(async (cell) => {
    const found = await observe(run, cell);
    if (found === undefined) run.unobservable.push(keyOf(cell));
    else changeLedger(run, { ...run.ledger, cells: run.ledger.cells.map((each) => (keyOf(each) === keyOf(cell) ? adopt(each, found, now()) : each)) });
  }));
}

/** Undefined when the region cannot be asked now; its first rollout will ask again. */
async function observe(run: PipelineRun, { environment, region }: Cell): Promise<Release | null | undefined> {
  const document = run.ledger.document!;
  try {
    return await questions.observeRegion.executeWithOptions(
      { summary: `what runs in ${environment}/${region}?` },
      [{ pipeline: document.name, environment, region, settings: regionSettings(document, environment, region) }],
    );
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.info('a region could not be asked what runs there', { environment, region, error: String(error) });
    return undefined;
  }
}
