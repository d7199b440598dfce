import stringWidth from 'string-width';
import type { Rollout } from '../rollout/schema/rollout.js';
import { isTerminal } from '../rollout/states/statuses.js';
import { seconds } from './figures.js';
import { localTime } from './local-time.js';
import { nextSteps } from './next-steps.js';
import { overrideLines } from './override-lines.js';
import { phaseLines } from './phase-lines.js';
import type { RenderOptions } from './render-options.js';
import { deedOf } from './rollout-deed.js';
import { paint, rolloutMarks } from './status-marks.js';
import { alignColumns, cut, printable, wrap } from './text-columns.js';
import { waitLines } from './wait-lines.js';

/**
 * A rollout as a tree for a terminal: what it does and why, its phases, waves and regions, and what a person can type. No line is
 * longer than the width, but for what is copied or clicked: commands and links are whole.
 */
export function renderRollout(rollout: Rollout, options: RenderOptions): string {
  const cutToWidth = (lines: string[]): string[] => lines.map((line) => cut(line, options.width));
  const sections = [
    cutToWidth(heading(rollout, options)),
    cutToWidth(phaseLines(rollout, options)),
    cutToWidth(failure(rollout, options)),
    budget(rollout),
    cutToWidth(waitLines(rollout, options)),
    commands(rollout, options),
    links(rollout, options),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

function heading(rollout: Rollout, options: RenderOptions): string[] {
  const { width, colours } = options;
  const mark = rolloutMarks[rollout.status];
  const parts = [
    `${paint(colours, mark, mark.symbol)} ${colours.bold(rollout.id)}`,
    `${rollout.pipeline} ${deedOf(rollout)}`,
    paint(colours, mark, rollout.status),
    ...(rollout.lane === 'hotfix' ? [colours.yellow('hot-fix')] : []),
    timeOf(rollout, options),
  ];
  return [
    parts.join('  '),
    ...wrap(rollout.why, width, '  '),
    ...reasonOf(rollout).flatMap((reason) => wrap(`${rollout.startedBy}: ${reason}`, width, '  ').map(colours.dim)),
    ...whatFollows(rollout).flatMap((text) => wrap(text, width, '  ')),
    ...overrideLines(rollout.overrides, options),
  ];
}

/** Why it is shipped, unless that stands beside an override. */
const reasonOf = ({ reason, overrides }: Rollout): string[] =>
  (reason === undefined || overrides.some((override) => override.reason === reason) ? [] : [reason]);

/** How long it has been under way, or when it begins. */
function timeOf({ status, createdAt, startAt, finishedAt }: Rollout, { now, timezone }: RenderOptions): string {
  if (status === 'scheduled' && startAt !== undefined) return `starts ${localTime(startAt, timezone)}`;
  return seconds((finishedAt === undefined ? now : Date.parse(finishedAt)) - Date.parse(createdAt));
}

/** The rollout that comes after this one, unless the sentence above says it. */
function whatFollows({ status, why, promoteTo, supersededBy }: Rollout): string[] {
  const promotion = promoteTo === undefined || isTerminal(status) ? [] : [`Goes on to ${promoteTo} as soon as it has succeeded.`];
  const successor = supersededBy === undefined || why.includes(supersededBy) ? [] : [`Superseded by ${supersededBy}.`];
  return [...promotion, ...successor];
}

/** The failure of the whole rollout, unless the sentence at the top or one of the regions has said it. */
function failure({ failure: failed, why, regions }: Rollout, { width, colours }: RenderOptions): string[] {
  if (!failed || why.includes(failed.message) || regions.some((region) => region.failure?.message === failed.message)) return [];
  return wrap(`${failed.code}: ${failed.message}`, width, '  ').map(colours.red);
}

/** What the release has cost so far, where the pipeline says what it may. */
const budget = ({ budget: of }: Rollout): string[] =>
  of === undefined ? [] : [`  Error budget: ${Math.round(of.spent)} of ${Math.round(of.limit)} bad requests spent`];

/** Commands are never cut: what they come to is left away where there is no room for it. */
function commands(rollout: Rollout, { width, colours, program = 'meridian' }: RenderOptions): string[] {
  const steps = nextSteps(rollout, program);
  if (steps.length === 0) return [];
  const lines = alignColumns(steps.map(({ command, effect }) => [`    ${command}`, colours.dim(effect)]));
  const hasRoom = lines.every((line) => stringWidth(line) <= width);
  return ['  You can type', ...(hasRoom ? lines : steps.map(({ command }) => `    ${command}`))];
}

function links({ links: { self, temporal }, plan, waitingFor }: Rollout, { colours }: RenderOptions): string[] {
  const rows = [
    // Whoever approves can look the plan up, and say yes to this one only.
    ...(waitingFor.some(({ type }) => type === 'approval') ? [['  Plan', plan]] : []),
    ['  API', self],
    ...(temporal === null ? [] : [['  Temporal', temporal]]),
  ] as [string, string][];
  return alignColumns(rows.map(([label, text]) => [colours.dim(label), printable(text)]));
}
