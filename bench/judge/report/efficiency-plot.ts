import type { Benchmark } from '../benchmark.js';
import { efficiencyOf, type Efficiency } from './efficiency.js';
import { bad } from './settings.js';
import { element, picture, text } from './svg.js';

const left = 160;
const top = 76;
const row = 24;
const width = 520;
const [least, most] = [0.25, 60];

const at = (minute: number): number => left + (width * Math.log(minute / least)) / Math.log(most / least);

/** For each bad scenario the median of LIMIT (a ring) and of Meridian (a square), and the ratio after the grace in figures. */
export function efficiencyPlot(benchmark: Benchmark): string {
  const all = bad(benchmark).map((scenario) => efficiencyOf(benchmark, scenario));
  const bottom = top + all.length * row;
  const ticks = [0.5, 1, 2, 3, 5, 10, 20, 60].flatMap((minute) => [
    element('path', { class: 'grid', d: `M${at(minute).toFixed(1)} ${top - 8}V${bottom}` }),
    text(at(minute), bottom + 18, String(minute), { 'text-anchor': 'middle', class: 'quiet' }),
  ]);
  const key = [
    element('circle', { class: 'line s11', cx: left + 6, cy: 50, r: 5 }), text(left + 18, 54, 'LIMIT'),
    element('rect', { class: 'f0', x: left + 80, y: 45, width: 10, height: 10 }), text(left + 96, 54, 'Meridian'), text(left + width + 20, 54, 'ratio after the grace'),
  ];
  return picture(left + width + 180, bottom + 54, 'Median minutes until a bad release is rolled back, and the least possible', [
    ...ticks, ...key, ...all.flatMap((one, index) => rowOf(one, top + index * row + 12)), text(left + width / 2, bottom + 38, 'minutes since the release got bad', { 'text-anchor': 'middle', class: 'quiet' }),
  ]);
}

function rowOf({ scenario, meridian, limit, ratio }: Efficiency, y: number): string[] {
  const parts = [text(left - 10, y + 4, scenario.name, { 'text-anchor': 'end' })];
  if (limit !== null && meridian !== null) parts.push(element('path', { class: 'axis', d: `M${at(limit).toFixed(1)} ${y}H${at(meridian).toFixed(1)}` }));
  if (limit !== null) parts.push(element('circle', { class: 'line s11', cx: at(limit), cy: y, r: 5 }));
  if (meridian !== null) parts.push(element('rect', { class: 'f0', x: at(meridian) - 5, y: y - 5, width: 10, height: 10 }));
  parts.push(text(left + width + 20, y + 4, ratio === null ? 'found in less than half' : `×${ratio.toFixed(1)}${ratio > 3 ? ', over 3' : ''}`));
  return parts;
}
