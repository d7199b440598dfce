import { describe, expect, it } from 'vitest';
import { excerpt } from '../../src/adapters/excerpt.js';

const secrets = (...values: string[]) => ({
  variables: { OPEN: 'visible', ...Object.fromEntries(values.map((value, index) => [`SECRET_${index}`, value])) },
  secretNames: [...values.map((_, index) => `SECRET_${index}`), 'ABSENT'],
});

describe('what a region said', () => {
  it('loses the values of secret variables, and those only', () => {
    expect(excerpt('visible geheim visible', secrets('geheim'))).toBe('visible *** visible');
  });

  it('loses them in JSON and in URLs too', () => {
    const key = 'a"b\n&c d';
    expect(excerpt(`${JSON.stringify({ key })} ?key=${encodeURIComponent(key)}`, secrets(key))).toBe('{"key":"***"} ?key=***');
  });

  it('loses a secret whole when another one is a part of it', () => {
    expect(excerpt('geheimnis geheim', secrets('geheim', 'geheimnis'))).toBe('*** ***');
  });

  it('keeps what is too short to be a secret: it stands everywhere', () => {
    expect(excerpt('exit 1 of 11', secrets('1', ''))).toBe('exit 1 of 11');
  });

  it('is one line without control characters, neither for terminals nor for the direction of writing', () => {
    expect(excerpt('  a\r\n\tb\u001b[2Jc\u202ed\u0000 ', secrets())).toBe('a b [2Jc d');
  });

  it('is cut after its secrets were taken out, so that no half of one stays', () => {
    expect(excerpt(`${'x'.repeat(497)}geheim`, secrets('geheim'))).toBe(`${'x'.repeat(497)}***`);
    expect(excerpt('x'.repeat(600), secrets())).toBe(`${'x'.repeat(500)}…`);
  });
});
