import type { RegionState, Rollout } from '../rollout/schema/rollout.js';
import { isTerminal, type RegionStatus } from '../rollout/states/statuses.js';
import { placeName } from './place-name.js';
import { isCrowd, isQuiet, regionLines } from './region-lines.js';
import type { RenderOptions } from './render-options.js';
import { paint, regionMarks } from './status-marks.js';
import { cut, pad } from './text-columns.js';

/** A phase at rest with more regions than this is one line: the screen belongs to the phase at work. */
const mostRestingLines = 3;

/** The phases of a rollout in their order: each with its waves and regions, or folded into a line. */
export function phaseLines(rollout: Rollout, options: RenderOptions): string[] {
  const environments = [...new Set(rollout.regions.map(({ environment }) => environment))];
  const nameWidth = Math.max(0, ...environments.map((name) => name.length));
  return environments.flatMap((environment) => {
    const regions = rollout.regions.filter((region) => region.environment === environment);
    if (isFolded(regions, environment, rollout)) return [foldedPhase(pad(environment, nameWidth), regions, options)];
    return [`  ${options.colours.bold(environment)}`, ...waveRows(regions).flatMap((row, at, rows) => rowLines(row, at === rows.length - 1, rows, rollout, options))];
  });
}

const isFolded = (regions: RegionState[], environment: string, { phase, status }: Rollout): boolean =>
  regions.length > mostRestingLines && regions.every(isQuiet) && (phase !== environment || isTerminal(status));

/** `✓ staging  9 regions live, 1 skipped: tokyo`: the names of the last group are those that differ from the rest. */
function foldedPhase(title: string, regions: RegionState[], { colours, width }: RenderOptions): string {
  const groups = [...groupByStatus(regions)].toSorted(([, one], [, other]) => other.length - one.length);
  const counts = groups.map(([status, { length }], at) => `${length}${at === 0 ? ' regions' : ''} ${status}`);
  const [status, last] = groups.at(-1)!;
  const mark = regionMarks[status];
  return cut(`  ${paint(colours, mark, mark.symbol)} ${colours.bold(title)}  ${counts.join(', ')}: ${last.map(placeName).join(', ')}`, width);
}

function groupByStatus(regions: RegionState[]): Map<RegionStatus, RegionState[]> {
  const groups = new Map<RegionStatus, RegionState[]>();
  for (const region of regions) groups.set(region.status, [...(groups.get(region.status) ?? []), region]);
  return groups;
}

/** One row of the tree: a wave, or several waves in a row that rest in the same status. */
interface Row {
  label: string;
  regions: RegionState[];
}

function waveRows(regions: RegionState[]): Row[] {
  const numbers = [...new Set(regions.map(({ wave }) => wave))].toSorted((one, other) => one - other);
  const waves = numbers.map((number) => ({ first: number, last: number, regions: regions.filter(({ wave }) => wave === number) }));
  const runs = waves.reduce<typeof waves>((before, wave) => {
    const run = before.at(-1);
    if (run === undefined || !isSameRest([...run.regions, ...wave.regions])) return [...before, wave];
    return [...before.slice(0, -1), { first: run.first, last: wave.last, regions: [...run.regions, ...wave.regions] }];
  }, []);
  return runs.flatMap(({ first, last, regions: together }) => {
    if (first !== last && isCrowd(together)) return [{ label: `waves ${first}–${last}`, regions: together }];
    return waves.filter((wave) => wave.first >= first && wave.last <= last).map((wave) => ({ label: `wave ${wave.first}`, regions: wave.regions }));
  });
}

const isSameRest = (regions: RegionState[]): boolean => regions.every((region) => isQuiet(region) && region.status === regions[0]!.status);

function rowLines({ label, regions }: Row, isLast: boolean, rows: Row[], rollout: Rollout, options: RenderOptions): string[] {
  const labelWidth = Math.max(...rows.map((row) => row.label.length));
  const first = `  ${isLast ? '└' : '├'}─ ${label.padEnd(labelWidth)}  `;
  const rest = `  ${isLast ? ' ' : '│'}${' '.repeat(first.length - 3)}`;
  const lines = regionLines(regions, rollout, { ...options, width: options.width - first.length });
  return lines.map((line, at) => `${options.colours.dim(at === 0 ? first : rest)}${line}`);
}
