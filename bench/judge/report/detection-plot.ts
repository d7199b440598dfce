import type { Benchmark } from '../benchmark.js';
import { limitName } from '../work.js';
import { named } from './settings.js';
import { element, picture, styleOf, text } from './svg.js';
import { labelsOf } from './tables.js';

const panel = { width: 300, height: 300, gap: 46 };
const left = 56;
const top = 74;
const bottom = top + panel.height;

/** How many soaks of ×2, ×3 and ×5 each judge has rolled back by which minute. Lines differ in dash and carry a number that the legend names. */
export function detectionPlot(benchmark: Benchmark): string {
  const labels = [...labelsOf(benchmark, true), limitName];
  const panels = ['errors-2', 'errors-3', 'errors-5'].flatMap((name, at) => panelOf(benchmark, name, labels, left + at * (panel.width + panel.gap)));
  const legend = labels.flatMap((label, index) => {
    const [x, y] = [left + (index % 3) * (panel.width + panel.gap), bottom + 64 + Math.floor(index / 3) * 22];
    return [element('path', { d: `M${x} ${y - 4}h36`, ...styleOf(index), class: `line s${index % 12}` }), text(x + 44, y, `${index + 1}  ${label}`)];
  });
  const height = bottom + 80 + Math.ceil(labels.length / 3) * 22;
  return picture(left + 3 * panel.width + 2 * panel.gap + 40, height, 'Share of bad releases rolled back by minute, peers tuned to the same rate of false alarms', [...panels, ...legend]);
}

function panelOf(benchmark: Benchmark, name: string, labels: string[], x: number): string[] {
  const [scenario] = named(benchmark, name);
  const length = scenario?.place.soakMinutes ?? 60;
  const at = (minute: number): number => x + (panel.width * minute) / length;
  const up = (share: number): number => bottom - panel.height * share;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    element('path', { class: 'grid', d: `M${x} ${up(share)}h${panel.width}` }), text(x - 6, up(share) + 4, `${100 * share} %`, { 'text-anchor': 'end', class: 'quiet' }),
  ]);
  const ticks = [0, 15, 30, 45, 60].filter((minute) => minute <= length).map((minute) => text(at(minute), bottom + 18, String(minute), { 'text-anchor': 'middle', class: 'quiet' }));
  const curves = labels.flatMap((label, index) => {
    const found = benchmark.outcomes(label, scenario === undefined ? [] : [scenario]);
    const minutes = found.flatMap(({ failed }) => failed ?? []).toSorted((a, b) => a - b);
    const steps = minutes.map((minute, rank) => `H${at(minute).toFixed(1)}V${up((rank + 1) / found.length).toFixed(1)}`);
    // The number stands at a place of its own on each line, so that lines that meet can be told apart.
    const mark = Math.min(length, 4 + ((length - 6) * index) / labels.length);
    const share = minutes.filter((minute) => minute <= mark).length / found.length;
    return [
      element('path', { d: `M${at(0)} ${up(0)}${steps.join('')}H${at(length)}`, ...styleOf(index), class: `line s${index % 12}` }),
      element('circle', { class: 'page', cx: at(mark), cy: up(share), r: 8 }),
      text(at(mark), up(share) + 4, String(index + 1), { 'text-anchor': 'middle' }),
    ];
  });
  return [
    text(x, top - 14, scenario?.about ?? name), ...grid, ...ticks, text(x + panel.width / 2, bottom + 36, 'minutes since the deploy', { 'text-anchor': 'middle', class: 'quiet' }),
    ...curves,
  ];
}
