import type { JudgedCheck, JudgedSoak } from '../soak.js';
import type { JudgeState } from '../soak-judge.js';
import {
  anyNumber, choiceAt, fieldOf, fieldsOf, mapFields, nameAt, notNegative, numberAt, optionalChoice, optionalFlag, optionalNumber, positive, unknownKeys,
  type Fields, type Range,
} from './fields.js';
import { Misfit, quoted, within } from './unreadable.js';

/** The first line of a soak: how it is judged, and what the judge had learned of the noise when it began. */
export interface Header {
  soak: JudgedSoak;
  learned?: JudgeState;
  /** Keys that nobody reads. */
  ignored: string[];
}

const kinds = ['ratio', 'value', 'histogram'] as const;
const headerKeys = ['deployAt', 'step', 'checks', 'soak', 'carried', 'budgetLeft', 'learned'];
const checkKeys = ['name', 'kind', 'objective', 'max', 'min', 'margin', 'worse'];
const soakKeys = ['min', 'max', 'minSamples', 'duration', 'earlyFinish'];

const share: Range = { says: 'a number between 0 and 1', allows: (value) => value > 0 && value < 1 };
const factor: Range = { says: 'a factor above 1', allows: (value) => value > 1 };

/** Holds everything that a replay needs: with what was learned, the looks before the deploy are not needed. */
export const headerLine = ({ deployAt, step, checks, soak, carried, budgetLeft }: JudgedSoak, learned: JudgeState): string =>
  JSON.stringify({ deployAt, step, checks, soak, carried, budgetLeft, learned });

export function readHeader(line: Fields): Header {
  if (fieldOf(line, 'deployAt') === undefined) throw new Misfit(`the first line is the header, with deployAt, step, checks and soak; found ${quoted(line)}`);
  const learned = fieldOf(line, 'learned');
  const soak: JudgedSoak = {
    deployAt: numberAt(line, 'deployAt', anyNumber),
    step: numberAt(line, 'step', positive),
    checks: readChecks(fieldOf(line, 'checks')),
    soak: within('soak', () => readTimes(fieldsOf(fieldOf(line, 'soak'), 'it'))),
    ...present({ carried: readCarried(fieldOf(line, 'carried')), budgetLeft: optionalNumber(line, 'budgetLeft', anyNumber) }),
  };
  return { soak, ...(learned === undefined ? {} : { learned: fieldsOf(learned, 'learned') }), ignored: ignoredIn(line) };
}

function readChecks(value: unknown): JudgedCheck[] {
  if (!Array.isArray(value) || value.length === 0) throw new Misfit(`checks is a list of at least one check; found ${quoted(value)}`);
  const checks = value.map((entry, at) => within(`check ${at + 1}`, () => readCheck(fieldsOf(entry, 'it'))));
  const twice = checks.find(({ name }, place) => checks.findIndex((other) => other.name === name) !== place);
  if (twice !== undefined) throw new Misfit(`two checks have the name ${quoted(twice.name)}`);
  return checks;
}

const readCheck = (check: Fields): JudgedCheck => ({
  name: nameAt(check, 'name'),
  kind: choiceAt(check, 'kind', kinds),
  ...present({
    objective: optionalNumber(check, 'objective', share),
    max: optionalNumber(check, 'max', anyNumber),
    min: optionalNumber(check, 'min', anyNumber),
    margin: optionalNumber(check, 'margin', factor),
    worse: optionalChoice(check, 'worse', ['higher', 'lower']),
  }),
});

function readTimes(soak: Fields): JudgedSoak['soak'] {
  const min = numberAt(soak, 'min', notNegative);
  const max = numberAt(soak, 'max', { says: `a number of seconds, at least min (${min})`, allows: (value) => value >= min });
  return {
    min, max,
    ...present({
      minSamples: optionalNumber(soak, 'minSamples', notNegative),
      duration: optionalNumber(soak, 'duration', notNegative),
      earlyFinish: optionalFlag(soak, 'earlyFinish'),
    }),
  };
}

const readCarried = (value: unknown): Record<string, number> | undefined =>
  value === undefined ? undefined : within('carried', () => mapFields(fieldsOf(value, 'it'), (_, check) => numberAt(value as Fields, check, anyNumber)));

function ignoredIn(line: Fields): string[] {
  const checks = (line['checks'] as Fields[]).flatMap((check) => unknownKeys(check, checkKeys));
  return [...unknownKeys(line, headerKeys), ...checks, ...unknownKeys(line['soak'] as Fields, soakKeys)];
}

/** Without the keys that have no value: `exactOptionalPropertyTypes` tells them apart, and so does a test for equality. */
const present = <Values extends object>(values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
