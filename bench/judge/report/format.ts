import type { Share } from '../statistics.js';

/** `0.4 %` */
export const percent = (share: number, digits = 1): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(digits)} %`);

/** `0.4 % (0.2–0.9)`: with its 95 % interval. */
export const percentWithInterval = ({ share, low, high, of }: Share): string =>
  of === 0 ? '–' : `${percent(share)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;

/** `0.4`: of a hundred. */
export const perHundred = ({ share, of }: Share): string => (of === 0 ? '–' : (100 * share).toFixed(1));

/** `7.5`, or a dash for never. */
export const minutes = (value: number | null): string => (value === null ? '–' : value.toFixed(1));

export function table(head: string[], rows: string[][], left = 1): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at < left ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
