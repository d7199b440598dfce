import { listNames } from '../rollout/list-names.js';
import type { PlannedGate, PlannedPhase, PlannedRegion } from '../rollout/schema/plan.js';
import { seconds, share } from './figures.js';
import { placeName } from './place-name.js';
import type { TableOptions } from './render-options.js';
import { alignColumns, hanging, printable } from './text-columns.js';

/** One phase of a plan: its gates, its soak, and its waves with the reason for each place. */
export function plannedPhase(phase: PlannedPhase, options: TableOptions): string[] {
  const { width, colours } = options;
  return [
    colours.bold(phase.environment),
    ...gateLines('gate', phase.gates, width),
    ...gateLines('gate before each wave', phase.waveGates, width),
    ...gateLines('gate before each region', phase.regionGates, width),
    ...hanging('  soak  ', soakText(phase), width),
    ...(phase.rehearse ? hanging('  rehearsal  ', 'wave 1 deploys, undoes and deploys again before it soaks', width) : []),
    ...waveTable(phase, options),
  ];
}

const gateLines = (label: string, gates: PlannedGate[], width: number): string[] =>
  gates.flatMap(({ name, needs }) => hanging(`  ${label}  `, printable(`${name}: ${needs}`), width));

function soakText({ soakMs: { min, max, interval }, minSamples }: PlannedPhase): string {
  const longer = max > min ? `, at most ${seconds(max)} while nothing is proven` : '';
  return `${seconds(min)} in each region${longer}; a look every ${seconds(interval)}; at least ${minSamples} ${minSamples === 1 ? 'request' : 'requests'}`;
}

/** One line for each region: its wave, why it stands there, and the share of traffic on the new release once the wave is through. */
function waveTable({ waves, tenants }: PlannedPhase, { width, colours }: TableOptions): string[] {
  const rows = waves.flatMap((wave) => wave.regions.map((place, at) => ({
    cells: at === 0 ? [`  wave ${wave.number}`, placeName(place), share(wave.exposure)] : ['', placeName(place), ''],
    why: `${[place.why, ...(at === 0 ? waveNotes(wave, tenants) : [])].join(' ')}; ${comparison(place)}`,
  })));
  const header = ['', 'region', 'traffic'];
  const [head, ...lines] = alignColumns([header, ...rows.map(({ cells }) => cells)].map((cells) => [...cells, '.'])).map((line) => line.slice(0, -1));
  return [colours.dim(`${head}why here`), ...lines.flatMap((line, at) => hanging(line, printable(rows[at]!.why), width))];
}

const comparison = ({ comparedWith }: PlannedRegion): string =>
  `compared with ${comparedWith.length === 0 ? 'its own past only' : listNames(comparedWith)}`;

function waveNotes({ regions, concurrency }: PlannedPhase['waves'][number], tenants: PlannedPhase['tenants']): string[] {
  const distinct = new Set(regions.map(({ region }) => region)).size;
  return [
    ...(concurrency < distinct ? [`(${concurrency} at once)`] : []),
    ...(distinct < regions.length && tenants === 'together' ? ['(the tenants of a region together)'] : []),
  ];
}
