import type { Benchmark } from '../benchmark.js';
import { good, incidents } from './settings.js';
import { element, picture, text } from './svg.js';
import { labelsOf } from './tables.js';

const left = 170;
const cell = { width: 74, height: 20 };
const top = 150;

/** A number in each cell, and the darker the more. */
export function falseAlarmPlot(benchmark: Benchmark, isTuned: boolean): string {
  const labels = labelsOf(benchmark, isTuned);
  const rows = [...good(benchmark), ...incidents(benchmark)];
  const cells = rows.flatMap((scenario, row) => [
    text(left - 8, top + row * cell.height + 14, scenario.name, { 'text-anchor': 'end' }),
    ...labels.flatMap((label, column) => cellOf(benchmark.summary(label, [scenario]).failed.share, column, row)),
  ]);
  const heads = labels.map((label, column) => {
    const [x, y] = [left + column * cell.width + 20, top - 8];
    return text(x, y, label.replace(', tuned', ''), { transform: `rotate(-40 ${x} ${y})` });
  });
  const how = isTuned ? `tuned to ${(100 * benchmark.target).toFixed(1)} of 100 on other soaks` : 'at their defaults';
  return picture(left + labels.length * cell.width + 90, top + rows.length * cell.height + 20, `False rollbacks of 100 good soaks, peers ${how}`, [...heads, ...cells]);
}

function cellOf(share: number, column: number, row: number): string[] {
  const [x, y] = [left + column * cell.width, top + row * cell.height];
  return [
    // Never so dark that its number cannot be read.
    element('rect', { class: 'shade', x: x + 1, y: y + 1, width: cell.width - 2, height: cell.height - 2, 'fill-opacity': String(Number((0.55 * Math.sqrt(share)).toFixed(3))) }),
    text(x + cell.width / 2, y + 14, (100 * share).toFixed(1), { 'text-anchor': 'middle' }),
  ];
}
