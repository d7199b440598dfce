import type { Plan, PlannedPhase } from '../rollout/schema/plan.js';
import type { Colours } from './context.js';
import { seconds, share } from './figures.js';
import { alignColumns, printable, wrap } from './text-columns.js';

/** A plan as a person reads it before saying yes. */
export function renderPlan(plan: Plan, { width, colours }: { width: number; colours: Colours }): string {
  const sections = [
    [`${colours.bold(`${plan.pipeline} ${plan.release}`)}  by revision ${plan.revision} of the document`],
    ...plan.phases.map((phase) => phaseLines(phase, width, colours)),
    [...leftOut(plan), plan.phases.length === 0 ? 'There is nothing to do.' : expectedTime(plan)],
    plan.warnings.flatMap((warning) => hanging('! warning  ', printable(warning), width).map(colours.yellow)),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

function phaseLines(phase: PlannedPhase, width: number, colours: Colours): string[] {
  const { min, max, interval } = phase.soakMs;
  return [
    colours.bold(phase.environment),
    ...phase.gates.flatMap((gate) => hanging('  gate  ', `${gate.name}: ${gate.needs}`, width)),
    ...phase.regionGates.flatMap((gate) => hanging('  gate before each region  ', `${gate.name}: ${gate.needs}`, width)),
    ...hanging('  soak  ', `${seconds(min)} in each region, at most ${seconds(max)}; a look every ${seconds(interval)}; `
      + `a ratio needs ${phase.minSamples} ${phase.minSamples === 1 ? 'request' : 'requests'}`, width),
    ...waveTable(phase, width, colours),
  ];
}

/** One line for each region: its wave, why it stands there, and the share of traffic on the new release once the wave is through. */
function waveTable({ waves }: PlannedPhase, width: number, colours: Colours): string[] {
  const rows = waves.flatMap((wave) => wave.regions.map(({ region, why }, at) => ({
    cells: at === 0 ? [`  wave ${wave.number}`, region, share(wave.exposure)] : ['', region, ''],
    why: [why, at === 0 && wave.concurrency < wave.regions.length ? `(${wave.concurrency} at once)` : ''].filter(Boolean).join(' '),
  })));
  const header = ['', 'region', 'traffic'];
  const [head, ...lines] = alignColumns([header, ...rows.map(({ cells }) => cells)].map((cells) => [...cells, '.'])).map((line) => line.slice(0, -1));
  return [colours.dim(`${head}why here`), ...lines.flatMap((line, at) => hanging(line, rows[at]!.why, width))];
}

const leftOut = ({ alreadyVerified }: Plan): string[] =>
  alreadyVerified.length === 0 ? [] : [`Left out: ${alreadyVerified.join(', ')}, where the release is verified in every region`];

const expectedTime = ({ expectedMs: { min, max } }: Plan): string =>
  `Takes ${seconds(min)}${max > min ? ` to ${seconds(max)}` : ''}: the soaks, without gates and deploys`;

/** Text behind a label; further lines stand below its beginning, where there is room for that. */
function hanging(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(Math.min(label.length, Math.max(0, width - 20)));
  const [first = '', ...rest] = wrap(text, width, indent);
  return [`${label}${first.trimStart()}`, ...rest];
}
