import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronProblem } from '../../../src/rollout/control/cron.js';

describe('a cron text', () => {
  it.each([
    '0 2 * * mon-fri', '*/5 * * * *', '5/10 0-23/2 1,15 JAN,jul sun', '59 23 31 12 7', '00 02 01 december Monday', '0  2\t* * *', ' 0 2 * * * ', '1,2,3 4-6 * * 0-7',
  ])('%j is right', (cron) => {
    expect(cronProblem(cron)).toBeUndefined();
  });

  it.each([
    ['', 'these are 1'],
    ['* * * *', 'these are 4'],
    ['0 0 2 * * *', 'these are 6'],
    ['@daily', 'these are 1'],
    ['CRON_TZ=Europe/Berlin 0 2 * * *', 'these are 6'],
    ['0 2 * * * # nightly', 'these are 7'],
    ['60 * * * *', 'minute: 60 is not *, or 0 to 59'],
    ['0 24 * * *', 'hour: 24 is not *, or 0 to 23'],
    ['0 0 0 * *', 'day of the month: 0 is not *, or 1 to 31'],
    ['0 0 * 13 *', 'month: 13 is not *, or 1 to 12 or jan to dec'],
    ['0 0 * * 8', 'day of the week: 8 is not *, or 0 to 7 or sun to sat'],
    ['0 0 ? * *', 'day of the month: ? is not *'],
    ['0 0 * * fri-mon', 'day of the week: fri-mon ends before it begins'],
    ['*/0 * * * *', 'minute: */0 has no whole number after its slash'],
    ['*/ * * * *', 'minute: */ has no whole number after its slash'],
    ['1/2/3 * * * *', 'minute: 1/2/3 has no whole number after its slash'],
    ['1-2-3 * * * *', 'minute: 1-2-3 is not'],
    ['1-x * * * *', 'minute: 1-x is not'],
    ['-5 * * * *', 'minute: -5 is not'],
    ['1,, * * * *', 'minute: nothing is not'],
    ['1.5 * * * *', 'minute: 1.5 is not'],
  ])('%j is not: %s', (cron, problem) => {
    expect(cronProblem(cron)).toContain(problem);
  });

  it('with a mistake in each field is told all five', () => {
    expect(cronProblem('a b c d e')!.split('; ').map((problem) => problem.split(':')[0])).toEqual(['minute', 'hour', 'day of the month', 'month', 'day of the week']);
  });

  it('is right or wrong, whatever it is', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('*', '/', '-', ',', '0', '7', '59', 'mon', ' ', '\n', '?'), { maxLength: 30 }), (parts) => {
      expect(['string', 'undefined']).toContain(typeof cronProblem(parts.join('')));
    }));
  });
});
