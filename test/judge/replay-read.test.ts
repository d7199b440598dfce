import { describe, expect, it } from 'vitest';
import { readSoak } from '../../src/judge/replay/read-soak.js';
import { UnreadableSoak } from '../../src/judge/replay/unreadable.js';

const header = {
  deployAt: 100, step: 10, soak: { min: 60, max: 120 },
  checks: [{ name: 'errors', kind: 'ratio' }, { name: 'memory', kind: 'value', max: 0.9 }, { name: 'latency', kind: 'histogram' }],
};
const errors = (t: number, bad = 1) => ({ t, check: 'errors', region: { bad, total: 100 }, controls: { rome: { bad: 0, total: 90 } } });
const memory = (t: number, value = 0.5) => ({ t, check: 'memory', region: { value }, controls: {} });

const linesOf = (...lines: (object | string)[]): string => lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
const read = (...lines: (object | string)[]) => readSoak(linesOf(header, ...lines));

/** `toMatch` with a text looks for it anywhere. */
const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);

function refusal(text: string): string {
  try {
    readSoak(text);
  } catch (error) {
    if (error instanceof UnreadableSoak) return error.message;
    throw error;
  }
  return 'read';
}

describe('a soak that is read', () => {
  it('has a look for each time, history before the deploy and looks from it on', () => {
    const { history, looks } = read(errors(90), memory(90), errors(100), memory(110));
    expect(history.map(({ t, checks }) => [t, Object.keys(checks)])).toEqual([[90, ['errors', 'memory']]]);
    expect(looks).toEqual([
      { t: 100, checks: { errors: { region: { kind: 'ratio', bad: 1, total: 100 }, controls: { rome: { kind: 'ratio', bad: 0, total: 90 } } } } },
      { t: 110, checks: { memory: { region: { kind: 'value', value: 0.5 }, controls: {} } } },
    ]);
  });

  it('is the same whatever the order of its lines', () => {
    const lines = [errors(90), memory(90), errors(100), memory(100), errors(107.5)];
    const inOrder = JSON.stringify(read(...lines));
    expect(JSON.stringify(read(...lines.toReversed()))).toBe(inOrder);
    expect(JSON.stringify(read(...lines.slice(2), ...lines.slice(0, 2)))).toBe(inOrder);
  });

  it('may have Windows line ends, blank lines, a byte order mark, and no line break at its end', () => {
    const plain = readSoak(linesOf(header, errors(100), memory(100)));
    expect(readSoak(`\uFEFF${[JSON.stringify(header), '', JSON.stringify(errors(100)), '  ', JSON.stringify(memory(100))].join('\r\n')}`)).toEqual(plain);
    expect(readSoak(`\n\n${linesOf(header, errors(100), memory(100))}\n`)).toEqual(plain);
  });

  it('takes null, and numbers that are null, for no data', () => {
    const silent = { kind: 'no-data', reason: 'null in the samples' };
    const { looks } = read(
      { t: 100, check: 'errors', region: null, controls: { rome: null, oslo: { bad: null, total: 4 } } },
      { t: 100, check: 'memory', region: { value: null }, controls: null },
      { t: 100, check: 'latency', region: { buckets: { '0.1': null, '+Inf': 4 } }, controls: { rome: { buckets: {} }, oslo: { buckets: null } } },
    );
    expect(looks[0]!.checks).toEqual({
      errors: { region: silent, controls: { rome: silent, oslo: silent } },
      memory: { region: silent, controls: {} },
      latency: { region: silent, controls: { rome: { kind: 'no-data', reason: 'no buckets' }, oslo: silent } },
    });
  });

  it('tells an error of the source from no data where the line says so', () => {
    const { looks } = read({
      t: 100, check: 'errors', region: null, silence: { kind: 'error', reason: '503' },
      controls: { rome: null }, silences: { rome: { kind: 'no-data', reason: 'empty' } },
    });
    expect(looks[0]!.checks.errors).toEqual({ region: { kind: 'error', reason: '503' }, controls: { rome: { kind: 'no-data', reason: 'empty' } } });
  });

  it('leaves out the verdicts that were written down live', () => {
    expect(read(errors(100), { t: 100, decision: 'continue', checks: [], explanation: '' }).looks).toHaveLength(1);
  });

  it('takes the same sample once more for the same, wherever it stands', () => {
    expect(read(errors(100), memory(100), errors(100))).toEqual(read(errors(100), memory(100)));
  });

  it('takes any name, `__proto__` too', () => {
    const text = linesOf({ ...header, checks: [{ name: '__proto__', kind: 'value' }] }, '{"t":100,"check":"__proto__","region":{"value":1},"controls":{"__proto__":{"value":2}}}');
    const look = readSoak(text).looks[0]!;
    expect(Object.entries(look.checks).map(([name, { controls }]) => [name, Object.entries(controls)])).toEqual([['__proto__', [['__proto__', { kind: 'value', value: 2 }]]]]);
    expect(({} as Record<string, unknown>).region).toBeUndefined();
  });

  it('takes null in the header for a key that is not there', () => {
    expect(readSoak(linesOf({ ...header, budgetLeft: null, carried: null, learned: null }, errors(100)))).toEqual(read(errors(100)));
  });

  it('notes keys that nobody reads, once each, and that there is nothing to judge', () => {
    expect(read({ ...errors(90), regoin: 1 }, { ...memory(90), regoin: 1 }).notes).toEqual([
      'line 2: the key "regoin" is not known and was not read', 'no samples from the deploy (100) on: there is nothing to judge',
    ]);
    expect(readSoak(linesOf({ ...header, checks: [{ name: 'errors', kind: 'ratio', objektive: 0.9 }] }, errors(100))).notes).toEqual(['line 1: the key "objektive" is not known and was not read']);
  });
});

describe('a soak that cannot be read', () => {
  const checks = (check: object) => JSON.stringify({ ...header, checks: [check] });
  it.each([
    ['', 'line 1: nothing is here; the first line is the header, with deployAt, step, checks and soak'],
    [linesOf(errors(100)), 'line 1: the first line is the header, with deployAt, step, checks and soak; found {"t":100,"check":"errors","region":{"bad":1,"total":100},"co…'],
    ['[]', 'line 1: a line is an object; found []'],
    [linesOf({ ...header, deployAt: 'noon' }), 'line 1: deployAt is a number; found "noon"'],
    [linesOf({ ...header, step: 0 }), 'line 1: step is a number above 0; found 0'],
    [linesOf({ ...header, step: undefined }), 'line 1: step is missing: a number above 0'],
    [linesOf({ ...header, soak: undefined }), 'line 1: soak: it is an object; found nothing'],
    [linesOf({ ...header, soak: { min: 60 } }), 'line 1: soak: max is missing: a number of seconds, at least min (60)'],
    [linesOf({ ...header, soak: { min: 60, max: 30 } }), 'line 1: soak: max is a number of seconds, at least min (60); found 30'],
    [linesOf({ ...header, soak: { ...header.soak, earlyFinish: 'yes' } }), 'line 1: soak: earlyFinish is true or false; found "yes"'],
    [linesOf({ ...header, carried: { errors: '2' } }), 'line 1: carried: errors is a number; found "2"'],
    [linesOf({ ...header, learned: [] }), 'line 1: learned is an object; found []'],
    [linesOf({ ...header, checks: [] }), 'line 1: checks is a list of at least one check; found []'],
    [linesOf({ ...header, checks: [...header.checks, header.checks[0]] }), 'line 1: two checks have the name "errors"'],
    [checks({ name: 'errors' }), 'line 1: check 1: kind is missing: ratio, value, histogram'],
    [checks({ name: 'errors', kind: 'counter' }), 'line 1: check 1: kind is ratio, value, histogram; found "counter"'],
    [checks({ name: '', kind: 'ratio' }), 'line 1: check 1: name is a name; found ""'],
    [checks({ name: 'errors', kind: 'ratio', objective: 99.9 }), 'line 1: check 1: objective is a number between 0 and 1; found 99.9'],
    [checks({ name: 'errors', kind: 'ratio', margin: 0.5 }), 'line 1: check 1: margin is a factor above 1; found 0.5'],
    [checks({ name: 'free', kind: 'value', worse: 'less' }), 'line 1: check 1: worse is higher, lower; found "less"'],
  ])('names what is wrong with its header: case %#', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it.each([
    [header, 'a second header: one soak a file'],
    ['{"t":100,', /^line 3: not JSON \(/],
    ['{"t":100,"check":"memory","region":{"value":NaN}}', /^line 3: not JSON \(.*\); JSON has no NaN and no Infinity: write null for no data$/],
    ['7', 'a line is an object; found 7'],
    [{ ...errors(100), t: '100' }, 't is a time in seconds; found "100"'],
    [{ ...errors(100), t: undefined }, 't is missing: a time in seconds'],
    [{ ...errors(100), check: 'erors' }, 'the header has no check "erors"; it has errors, memory, latency'],
    [{ t: 100, check: 'errors' }, 'region is missing: {"bad", "total"}, or null for no data'],
    [{ ...errors(100), region: { bad: '1', total: 2 } }, 'region: bad is an increment over the step, 0 or more; found "1"'],
    [{ ...errors(100), region: { bad: -1, total: 2 } }, 'region: bad is an increment over the step, 0 or more; found -1'],
    [{ ...errors(100), region: { value: 3 } }, 'region: a sample of a ratio is {"bad", "total"}; found {"value":3}'],
    [{ ...errors(100), region: 4 }, 'region is an object; found 4'],
    [{ ...errors(100), controls: { rome: { value: 3 } } }, 'rome: a sample of a ratio is {"bad", "total"}; found {"value":3}'],
    [{ ...errors(100), controls: [] }, 'controls is an object; found []'],
    [{ t: 100, check: 'latency', region: { buckets: { slow: 3 } } }, 'region: a bucket is named by its upper edge, a number or +Inf; found "slow"'],
    [{ ...errors(100), region: null, silence: { kind: 'broken' } }, 'kind is no-data, error; found "broken"'],
    [errors(90, 2), 'a second sample of "errors" at 90, unlike the one in line 2'],
  ])('names the line that is wrong, what was found and what is allowed: case %#', (line, message) => {
    expect(refusal(linesOf(header, errors(90), line))).toMatch(typeof message === 'string' ? exactly(`line 3: ${message}`) : message);
  });
});
