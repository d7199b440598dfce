import type { CheckLook, Sample } from '../sample.js';
import type { JudgedCheck } from '../soak.js';
import { anyNumber, choiceAt, fieldOf, fieldsOf, mapFields, nameAt, notNegative, numberAt, optionalNumber, unknownKeys, type Fields, type Range } from './fields.js';
import { Misfit, quoted, within } from './unreadable.js';

/** One line of samples: one check at one time. */
export interface SampleLine {
  t: number;
  check: string;
  look: CheckLook;
  ignored: string[];
}

type Kind = JudgedCheck['kind'];

const lineKeys = ['t', 'check', 'region', 'controls', 'silence', 'silences'];
const shapes: Record<Kind, string> = { ratio: '{"bad", "total"}', value: '{"value"}', histogram: '{"buckets"}' };
const noBuckets = { kind: 'no-data', reason: 'no buckets' } as const;
const nothing = { kind: 'no-data', reason: 'null in the samples' } as const;
const increment: Range = { says: 'an increment over the step, 0 or more', allows: notNegative.allows };

export function readSample(line: Fields, checks: JudgedCheck[]): SampleLine {
  const t = numberAt(line, 't', { says: 'a time in seconds', allows: anyNumber.allows });
  const { name, kind } = checkOf(line, checks);
  if (!Object.hasOwn(line, 'region')) throw new Misfit(`region is missing: ${shapes[kind]}, or null for no data`);
  const controls = fieldsOf(fieldOf(line, 'controls') ?? {}, 'controls');
  const silences = fieldsOf(fieldOf(line, 'silences') ?? {}, 'silences');
  const look: CheckLook = {
    region: sampleOf(line['region'], fieldOf(line, 'silence'), kind, 'region'),
    controls: mapFields(controls, (value, control) => sampleOf(value, fieldOf(silences, control), kind, control)),
  };
  return { t, check: name, look, ignored: unknownKeys(line, lineKeys) };
}

function checkOf(line: Fields, checks: JudgedCheck[]): JudgedCheck {
  const name = nameAt(line, 'check');
  const check = checks.find((known) => known.name === name);
  if (check === undefined) throw new Misfit(`the header has no check ${quoted(name)}; it has ${checks.map((known) => known.name).join(', ')}`);
  return check;
}

function sampleOf(value: unknown, silence: unknown, kind: Kind, place: string): Sample {
  if (value === null) return silence === undefined ? nothing : readSilence(fieldsOf(silence, 'a silence'));
  const numbers = fieldsOf(value, place);
  return within(place, () => numbersOf(numbers, kind));
}

function readSilence(silence: Fields): Sample {
  const reason = fieldOf(silence, 'reason') ?? '';
  if (typeof reason !== 'string') throw new Misfit(`the reason of a silence is a text; found ${quoted(reason)}`);
  return { kind: choiceAt(silence, 'kind', ['no-data', 'error']), reason };
}

function numbersOf(numbers: Fields, kind: Kind): Sample {
  if (kind === 'histogram') return bucketsOf(numbers);
  for (const key of kind === 'ratio' ? ['bad', 'total'] : ['value']) expectKey(numbers, key, kind);
  if (kind === 'value') {
    const value = optionalNumber(numbers, 'value', anyNumber);
    return value === undefined ? nothing : { kind, value };
  }
  const bad = optionalNumber(numbers, 'bad', increment);
  const total = optionalNumber(numbers, 'total', increment);
  return bad === undefined || total === undefined ? nothing : { kind, bad, total };
}

function bucketsOf(numbers: Fields): Sample {
  expectKey(numbers, 'buckets', 'histogram');
  if (numbers['buckets'] === null) return nothing;
  const buckets = fieldsOf(numbers['buckets'], 'buckets');
  const counts = mapFields(buckets, (_, edge) => {
    if (!isEdge(edge)) throw new Misfit(`a bucket is named by its upper edge, a number or +Inf; found ${quoted(edge)}`);
    return optionalNumber(buckets, edge, increment);
  });
  if (Object.keys(counts).length === 0) return noBuckets;
  return Object.values(counts).includes(undefined) ? nothing : { kind: 'histogram', buckets: counts as Record<string, number> };
}

/** A key that holds `null` is there: that is how a NaN is written in JSON, and it is no data. */
function expectKey(numbers: Fields, key: string, kind: Kind): void {
  if (!Object.hasOwn(numbers, key)) throw new Misfit(`a sample of a ${kind} is ${shapes[kind]}; found ${quoted(numbers)}`);
}

const isEdge = (edge: string): boolean => edge === '+Inf' || edge === 'Inf' || (edge.trim() === edge && edge !== '' && Number.isFinite(Number(edge)));
