import type { Board, BoardCell, BoardDebt } from '../rollout/schema/board.js';
import { seconds } from './figures.js';
import { placeName } from './place-name.js';
import type { RenderOptions } from './render-options.js';
import { paint, type Mark } from './status-marks.js';
import { alignColumns, hanging, printable } from './text-columns.js';

const marks: Record<BoardCell['status'], Mark> = {
  unknown: { symbol: '?', colour: 'yellow' },
  empty: { symbol: '–', colour: 'dim' },
  changing: { symbol: '●', colour: 'cyan' },
  soaking: { symbol: '●', colour: 'cyan' },
  live: { symbol: '✓', colour: 'green' },
  stuck: { symbol: '!', colour: 'red' },
};

/** Boards as a person reads them: a line for each region of each environment, or for each tenant of it. */
export function renderBoard(boards: Board[], options: RenderOptions): string {
  if (boards.length === 0) return 'No pipeline yet: `apply -f pipeline.yaml` adds one.';
  return boards.map((board) => [options.colours.bold(board.pipeline), ...environmentLines(board, options), ...debtLines(board, options)].join('\n')).join('\n\n');
}

function environmentLines({ cells: all }: Board, options: RenderOptions): string[] {
  // What has joined later stands with its environment.
  const environments = [...new Set(all.map(({ environment }) => environment))];
  const cells = environments.flatMap((environment) => all.filter((cell) => cell.environment === environment));
  // All environments at once, so that their columns stand below each other.
  const lines = alignColumns(cells.map((cell) => columns(cell, options)));
  return cells.flatMap((cell, at) => [
    ...(cells[at - 1]?.environment === cell.environment ? [] : [`  ${cell.environment}`]),
    lines[at]!,
    ...remarks(cell, options),
  ]);
}

function columns(cell: BoardCell, options: RenderOptions): string[] {
  const { colours } = options;
  const mark = marks[cell.status];
  return [
    `    ${placeName(cell)}`,
    `${paint(colours, mark, mark.symbol)} ${cell.release ?? absence(cell)}`,
    ...(cell.release === null ? [] : [paint(colours, mark, cell.status), ...history(cell, options)]),
  ];
}

const absence = ({ status }: BoardCell): string => (status === 'unknown' ? 'not looked at yet' : 'nothing runs here');

function history(cell: BoardCell, { colours, now }: RenderOptions): string[] {
  const origin = cell.rollout === null ? 'found there' : `by ${cell.rollout}`;
  return [
    cell.verified ? 'verified' : colours.dim('not verified'),
    colours.dim(`for ${seconds(Math.max(0, now - Date.parse(cell.since)))}, ${origin}`),
  ];
}

/** What is out of the ordinary there: the release that an undo would put back, a drain, an override. */
function remarks({ release, lastKnownGood, provisional, drained, override }: BoardCell, { width, colours, now }: RenderOptions): string[] {
  const remark = (label: string, text: string): string[] => hanging(`      ${label}  `, printable(text), width);
  return [
    ...(lastKnownGood === null || lastKnownGood === release ? [] : remark('undo', `puts back ${lastKnownGood}, the last known good`).map(colours.dim)),
    ...(provisional === undefined || Date.parse(provisional) <= now ? [] : remark('● watched on', `for ${seconds(Date.parse(provisional) - now)} more: verified unless it gets worse`).map(colours.dim)),
    ...(drained === null ? [] : remark('‖ drained', drained).map(colours.yellow)),
    ...(override === null ? [] : remark('! override', override).map(colours.yellow)),
  ];
}

const debtMarks: Record<BoardDebt['state'], Mark> = {
  'no-contract': { symbol: '○', colour: 'dim' },
  lagging: { symbol: '○', colour: 'dim' },
  ripening: { symbol: '●', colour: 'cyan' },
  due: { symbol: '?', colour: 'yellow' },
  contracting: { symbol: '●', colour: 'cyan' },
};

/** Migrations that are not at their end: a line for each, and what is missing. */
function debtLines({ debt = [] }: Board, { colours, width, now }: RenderOptions): string[] {
  const rows = debt.map((each) => {
    const state = stateAt(each, now);
    return [`    ${paint(colours, debtMarks[state], debtMarks[state].symbol)} ${each.migration}`, state, '.'];
  });
  const lines = alignColumns(rows).flatMap((line, at) => hanging(line.slice(0, -1), printable(debt[at]!.needs), width));
  return debt.length === 0 ? [] : ['  migrations under way', ...lines];
}

/** The board is as its pipeline told it last, and time has passed since. */
const stateAt = ({ state, due }: BoardDebt, now: number): BoardDebt['state'] =>
  (state === 'ripening' && due !== undefined && Date.parse(due) <= now ? 'due' : state);
