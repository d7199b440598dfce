import type { CheckLook, Sample } from './sample.js';
import type { JudgedCheck } from './soak.js';

/** A sample of the kind that was asked for, with numbers that can be; anything else is no data, or an error that says what it was. */
function asKind(sample: Sample, kind: JudgedCheck['kind']): Sample {
  if (sample.kind === 'no-data' || sample.kind === 'error') return sample;
  if (sample.kind !== kind) return { kind: 'error', reason: `a ${kind} was asked for and the source answered with a ${sample.kind}` };
  const numbers = sample.kind === 'ratio' ? [sample.bad, sample.total] : sample.kind === 'value' ? [sample.value] : Object.values(sample.buckets);
  const strange = numbers.find((number) => !Number.isFinite(number));
  if (strange !== undefined) return { kind: 'no-data', reason: `the source answered ${strange}` };
  const impossible = sample.kind === 'value' ? undefined : numbers.find((number) => number < 0 || number > mostRequests);
  if (impossible === undefined) return sample;
  return { kind: 'error', reason: `the source answered with ${impossible < 0 ? 'a negative increment' : 'more requests than there can be'} (${impossible})` };
}

/** In one look. Sums of more would lose single requests, and in the end be no numbers. */
const mostRequests = 1e15;

/** A look with nothing in it but what the kind allows. */
export const usable = ({ region, controls }: CheckLook, kind: JudgedCheck['kind']): CheckLook =>
  ({ region: asKind(region, kind), controls: Object.fromEntries(Object.entries(controls).map(([name, sample]) => [name, asKind(sample, kind)])) });

/** The same, turned round where lower is worse: what is compared always gets worse upwards. */
export function asCompared(look: CheckLook, check: JudgedCheck): CheckLook {
  const { region, controls } = usable(look, check.kind);
  if (check.kind !== 'value' || !isLowerWorse(check)) return { region, controls };
  return { region: inverted(region), controls: Object.fromEntries(Object.entries(controls).map(([name, sample]) => [name, inverted(sample)])) };
}

const isLowerWorse = ({ worse, max, min }: JudgedCheck): boolean => worse === 'lower' || (worse === undefined && min !== undefined && max === undefined);

/** Of nothing it is everything. */
const inverted = (sample: Sample): Sample => (sample.kind === 'value' && sample.value >= 0 ? { kind: 'value', value: 1 / sample.value } : sample);
