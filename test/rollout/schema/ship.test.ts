import { describe, expect, it } from 'vitest';
import { ShipOptions, ShipRequest } from '../../../src/rollout/schema/ship.js';

const isOptions = (options: unknown): boolean => ShipOptions.safeParse(options).success;

describe('how a release is shipped', () => {
  it('may be left open: the whole lifecycle, in line, at once', () => {
    expect(ShipOptions.parse({})).toEqual({ lane: 'normal', rehearse: false });
  });

  it('may be said in full', () => {
    const options = {
      to: 'production', include: ['load'], override: { from: 'production', reason: 'staging is down' }, lane: 'hotfix', rehearse: true,
      startAt: '2026-11-22T01:00:00+11:00', reason: 'orders are lost', plan: 'a'.repeat(64),
    };
    expect(ShipOptions.parse(options)).toEqual(options);
    expect(isOptions({ startAt: 'tonight' })).toBe(true);
  });

  it.each([
    ['in a lane that is not there', { lane: 'fast' }],
    ['with an override that nobody explains', { override: { from: 'production' } }],
    ['with an override of an empty reason', { override: { from: 'production', reason: '' } }],
    ['with an override to nowhere', { override: { reason: 'x' } }],
    ['at a time of no place', { startAt: '2026-11-22T01:00:00' }],
    ['at another word', { startAt: 'tomorrow' }],
    ['by half a hash', { plan: 'abc123' }],
    ['to two environments', { to: ['staging', 'production'] }],
    ['for no reason in many words', { reason: 'x'.repeat(2_001) }],
    ['with roles that are not theirs to say', { roles: ['admin'] }],
  ])('is refused %s', (_title, options) => {
    expect(isOptions(options)).toBe(false);
  });

  it('says at what times it may start', () => {
    expect(ShipOptions.safeParse({ startAt: 'soon' }).error?.issues[0]?.message).toMatch(/2026-11-22T01:00:00Z, or `tonight`/);
  });
});

it('a request to ship names the pipeline and the release, and nothing that nobody reads', () => {
  const request = { pipeline: 'shop', release: { version: '1.1.0' } };
  expect(ShipRequest.parse(request)).toEqual({ ...request, lane: 'normal', rehearse: false });
  expect(ShipRequest.safeParse({ ...request, force: true }).success).toBe(false);
  expect(ShipRequest.safeParse({ pipeline: 'shop' }).success).toBe(false);
});
