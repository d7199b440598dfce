import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { classify, type Classification } from './kayenta-metric.js';

/** Pairs of series and what Kayenta itself said of them, one a line. Beside the project, not in it. */
interface Judged {
  control: number[];
  experiment: number[];
  classification: Classification;
}

const beside = fileURLToPath(new URL('../../../../shared/data/kayenta-classifications.jsonl', import.meta.url));

/** A line for the report: how many pairs the port classifies as Kayenta did, or that there is nothing to compare with. */
export function kayentaAgreement(path = process.env['KAYENTA_CLASSIFICATIONS'] ?? beside): string {
  if (!existsSync(path)) return `Kayenta's own classifications are not here: the port was not compared with them.`;
  const pairs = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Judged);
  const apart = pairs.flatMap(({ control, experiment, classification }, at) => {
    const said = classify(control, experiment);
    return said === classification ? [] : [`line ${at + 1}: ${said} instead of ${classification}`];
  });
  const agreement = `The port of Kayenta's judge agrees with Kayenta on ${pairs.length - apart.length} of ${pairs.length} pairs`;
  return apart.length === 0 ? `${agreement}.` : `${agreement}; ${apart.slice(0, 5).join('; ')}.`;
}
