import stringWidth from 'string-width';
import type { Rollout } from '../rollout/schema/rollout.js';
import { seconds } from './figures.js';
import { nextSteps } from './next-steps.js';
import { regionLines } from './region-lines.js';
import type { RenderOptions } from './render-options.js';
import { paint, rolloutMarks } from './status-marks.js';
import { alignColumns, cut, printable, wrap } from './text-columns.js';

/**
 * A rollout as a tree for a terminal: what it does and why, its phases, waves and regions, and what a person can type. No line is
 * longer than the width, but for what is copied or clicked: commands and links are whole.
 */
export function renderRollout(rollout: Rollout, options: RenderOptions): string {
  const cutToWidth = (lines: string[]): string[] => lines.map((line) => cut(line, options.width));
  const sections = [
    cutToWidth(heading(rollout, options)),
    cutToWidth(phases(rollout, options)),
    cutToWidth(failure(rollout, options)),
    cutToWidth(gates(rollout, options)),
    commands(rollout, options),
    links(rollout, options),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

function heading(rollout: Rollout, { width, colours, now }: RenderOptions): string[] {
  const mark = rolloutMarks[rollout.status];
  const elapsed = (rollout.finishedAt === undefined ? now : Date.parse(rollout.finishedAt)) - Date.parse(rollout.createdAt);
  const parts = [
    `${paint(colours, mark, mark.symbol)} ${colours.bold(rollout.id)}`,
    `${rollout.pipeline} ${rollout.release}`,
    paint(colours, mark, rollout.status),
    seconds(elapsed),
  ];
  return [parts.join('  '), ...wrap(rollout.why, width, '  ')];
}

function phases(rollout: Rollout, options: RenderOptions): string[] {
  const environments = [...new Set(rollout.regions.map((region) => region.environment))];
  return environments.flatMap((environment) => [
    `  ${options.colours.bold(environment)}`,
    ...waves(rollout, environment, options),
  ]);
}

function waves(rollout: Rollout, environment: string, options: RenderOptions): string[] {
  const regions = rollout.regions.filter((region) => region.environment === environment);
  const numbers = [...new Set(regions.map((region) => region.wave))].toSorted((one, other) => one - other);
  return numbers.flatMap((number, at) => {
    const isLast = at === numbers.length - 1;
    const label = `wave ${number}`.padEnd(`wave ${numbers.at(-1)}`.length);
    const first = `  ${isLast ? '└' : '├'}─ ${label}  `;
    const rest = `  ${isLast ? ' ' : '│'}${' '.repeat(first.length - 3)}`;
    const lines = regionLines(regions.filter((region) => region.wave === number), rollout, { ...options, width: options.width - first.length });
    return lines.map((line, row) => `${options.colours.dim(row === 0 ? first : rest)}${line}`);
  });
}

/** The failure of the whole rollout, unless the sentence at the top or one of the regions has said it. */
function failure({ failure: failed, why, regions }: Rollout, { width, colours }: RenderOptions): string[] {
  if (!failed || why.includes(failed.message) || regions.some((region) => region.failure?.message === failed.message)) return [];
  return wrap(`${failed.code}: ${failed.message}`, width, '  ').map(colours.red);
}

function gates({ waitingFor }: Rollout, { width, colours, now }: RenderOptions): string[] {
  return waitingFor.flatMap((gate) => {
    const where = [gate.environment, gate.region].filter(Boolean).join('/');
    const left = gate.until === undefined ? '' : `, ${seconds(Math.max(0, Date.parse(gate.until) - now))} left`;
    return wrap(`? ${gate.gate} (${where}), since ${seconds(now - Date.parse(gate.since))}${left}: ${gate.needs}`, width, '  ').map(colours.yellow);
  });
}

/** Commands are never cut: what they come to is left away where there is no room for it. */
function commands(rollout: Rollout, { width, colours, program = 'meridian' }: RenderOptions): string[] {
  const steps = nextSteps(rollout, program);
  if (steps.length === 0) return [];
  const lines = alignColumns(steps.map(({ command, effect }) => [`    ${command}`, colours.dim(effect)]));
  const hasRoom = lines.every((line) => stringWidth(line) <= width);
  return ['  You can type', ...(hasRoom ? lines : steps.map(({ command }) => `    ${command}`))];
}

function links({ links: { self, temporal } }: Rollout, { colours }: RenderOptions): string[] {
  const rows = [{ label: '  API', url: self }, ...(temporal === null ? [] : [{ label: '  Temporal', url: temporal }])];
  return alignColumns(rows.map(({ label, url }) => [colours.dim(label), printable(url)]));
}
