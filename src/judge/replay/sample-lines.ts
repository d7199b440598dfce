import type { CheckLook, Look, Sample } from '../sample.js';
import { plainSample } from './plain-sample.js';

/** A look as lines, one for each check, which are read back as the same look. */
export const lookLines = ({ t, checks }: Look): string[] =>
  Object.entries(checks).map(([check, look]) => JSON.stringify({ t, check, ...written(look) }));

/** From `t` on only some of the looks are here: too many to keep. */
export const thinnedLine = (t: number): string => JSON.stringify({ thinned: t });

function written({ region, controls }: CheckLook): object {
  const samples = Object.entries(controls).map(([name, sample]) => [name, plainSample(sample)] as const);
  const silences = samples.flatMap(([name, sample]) => (isSilent(sample) ? [[name, sample] as const] : []));
  const sample = plainSample(region);
  return {
    region: numbersOf(sample),
    controls: Object.fromEntries(samples.map(([name, control]) => [name, numbersOf(control)])),
    ...(isSilent(sample) ? { silence: sample } : {}),
    ...(silences.length === 0 ? {} : { silences: Object.fromEntries(silences) }),
  };
}

const isSilent = (sample: Sample): boolean => sample.kind === 'no-data' || sample.kind === 'error';

function numbersOf(sample: Sample): object | null {
  if (sample.kind === 'ratio') return { bad: sample.bad, total: sample.total };
  if (sample.kind === 'value') return { value: sample.value };
  return sample.kind === 'histogram' ? { buckets: sample.buckets } : null;
}
