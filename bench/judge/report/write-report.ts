import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../benchmark.js';
import { detectionPlot } from './detection-plot.js';
import { documentOf } from './document.js';
import { efficiencyPlot } from './efficiency-plot.js';
import { falseAlarmPlot } from './false-alarm-plot.js';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));

/** Writes the document and its plots; gives the paths. */
export function writeReport(benchmark: Benchmark, agreement: string, folder = docs): string[] {
  const notes = readFileSync(new URL('../notes.md', import.meta.url), 'utf8');
  const files: [string, string][] = [
    ['judge-benchmark.md', documentOf(benchmark, notes, agreement)],
    ['judge-benchmark/false-alarms.svg', falseAlarmPlot(benchmark, false)],
    ['judge-benchmark/false-alarms-tuned.svg', falseAlarmPlot(benchmark, true)],
    ['judge-benchmark/detection.svg', detectionPlot(benchmark)],
    ['judge-benchmark/efficiency.svg', efficiencyPlot(benchmark)],
  ];
  mkdirSync(path.join(folder, 'judge-benchmark'), { recursive: true });
  return files.map(([name, text]) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  });
}
