import type { Board, BoardCell } from '../rollout/schema/board.js';
import type { Colours } from './context.js';
import { seconds } from './figures.js';
import { paint, type Mark } from './status-marks.js';
import { alignColumns } from './text-columns.js';

const marks: Record<BoardCell['status'], Mark> = {
  unknown: { symbol: '?', colour: 'yellow' },
  empty: { symbol: '–', colour: 'dim' },
  changing: { symbol: '●', colour: 'cyan' },
  soaking: { symbol: '●', colour: 'cyan' },
  live: { symbol: '✓', colour: 'green' },
  stuck: { symbol: '!', colour: 'red' },
};

/** Boards as a person reads them: a line for each environment and region. */
export function renderBoard(boards: Board[], colours: Colours, now: number): string {
  if (boards.length === 0) return 'No pipeline yet: `apply -f pipeline.yaml` adds one.';
  return boards.map((board) => [colours.bold(board.pipeline), ...alignColumns(rows(board, colours, now))].join('\n')).join('\n\n');
}

const rows = ({ cells }: Board, colours: Colours, now: number): string[][] =>
  cells.map((cell) => {
    const mark = marks[cell.status];
    return [
      `  ${cell.environment}`,
      cell.region,
      `${paint(colours, mark, mark.symbol)} ${cell.release ?? absence(cell)}`,
      ...(cell.release === null ? [] : [paint(colours, mark, cell.status), ...history(cell, colours, now)]),
    ];
  });

const absence = ({ status }: BoardCell): string => (status === 'unknown' ? 'not looked at yet' : 'nothing runs here');

function history(cell: BoardCell, colours: Colours, now: number): string[] {
  const origin = cell.rollout === null ? 'found there' : `by ${cell.rollout}`;
  return [
    cell.verified ? 'verified' : colours.dim('not verified'),
    colours.dim(`for ${seconds(Math.max(0, now - Date.parse(cell.since)))}, ${origin}`),
    undo(cell),
  ];
}

/** What an undo would put back, where that is another release than the one that runs. */
const undo = ({ release, lastKnownGood }: BoardCell): string =>
  lastKnownGood === null || lastKnownGood === release ? '' : `last known good ${lastKnownGood}`;
