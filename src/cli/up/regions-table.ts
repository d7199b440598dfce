import type { RegionAnswer } from '../../embedded/shop/answers.js';
import type { Colours } from '../context.js';
import { alignColumns } from '../text-columns.js';

/** The board as the regions themselves answer it: a line for each. */
export function renderAnswers(answers: RegionAnswer[], colours: Colours): string {
  const rows = answers.map(({ environment, region, release, problem, url }) => [
    `  ${environment}`,
    region,
    release === null ? colours.red(`no answer: ${problem}`) : colours.green(release),
    colours.dim(`${url}/healthz`),
  ]);
  return ['What the regions themselves answer:', ...alignColumns(rows)].join('\n');
}
