import type { Sample } from '../sample.js';

/**
 * A sample as it can be written down: what is no number in JSON (NaN, infinity) is no data, and a count below zero is an error.
 * Sources say so themselves; this is for one that does not.
 */
export function plainSample(sample: Sample): Sample {
  if (sample.kind === 'no-data' || sample.kind === 'error') return sample;
  const numbers = numbersIn(sample);
  if (numbers.length === 0 || !numbers.every(Number.isFinite)) return { kind: 'no-data', reason: `the source answered ${numbers.join(', ') || 'no buckets'}` };
  if (sample.kind !== 'value' && numbers.some((count) => count < 0)) return { kind: 'error', reason: `the source answered negative counts: ${numbers.join(', ')}` };
  return sample;
}

function numbersIn(sample: Exclude<Sample, { reason: string }>): number[] {
  if (sample.kind === 'ratio') return [sample.bad, sample.total];
  return sample.kind === 'value' ? [sample.value] : Object.values(sample.buckets);
}
