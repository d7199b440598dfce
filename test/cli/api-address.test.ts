import { expect, it } from 'vitest';
import { apiAddress } from '../../src/cli/api-address.js';

const listening = (host: string) => () => ({ host, port: 3000 });

it.each([
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://127.0.0.1:3000'],
  ['::1', 'http://[::1]:3000'],
  ['meridian.internal', 'http://meridian.internal:3000'],
])('of an API that listens on %s is %s', (host, expected) => {
  expect(apiAddress(undefined, listening(host))).toBe(expected);
});

it('that is given wins, and the configuration is not even read', () => {
  const unread = () => { throw new Error('MERIDIAN_PORT is not right'); };
  expect(apiAddress('https://meridian.example/eu', unread)).toBe('https://meridian.example/eu');
});

it.each(['localhost:3000', 'meridian', 'ftp://meridian.example'])('is not %s', (given) => {
  expect(() => apiAddress(given, listening('127.0.0.1'))).toThrow(/is not the address of an API: give --api or MERIDIAN_API as http:/);
});
