import { describe, expect, it } from 'vitest';
import { Gate, Hours } from '../../../src/rollout/schema/gate.js';

const isGate = (gate: unknown): boolean => Gate.safeParse(gate).success;

describe('a gate', () => {
  it('of each type may say little: what is left out has a value that is safe', () => {
    const times = { interval: '30s', timeout: '24h' };
    expect(Gate.parse({ name: 'go', type: 'approval', roles: ['sre'] }))
      .toEqual({ name: 'go', type: 'approval', roles: ['sre'], approvals: 1, notStarter: false, timeout: '24h' });
    expect(Gate.parse({ name: 'lag', type: 'metric', query: 'lag', max: 10 })).toEqual({ name: 'lag', type: 'metric', query: 'lag', max: 10, ...times });
    expect(Gate.parse({ name: 'calm', type: 'alerts' })).toEqual({ name: 'calm', type: 'alerts', labels: {}, ...times });
    expect(Gate.parse({ name: 'ledger', type: 'dependency', pipeline: 'ledger' })).toEqual({ name: 'ledger', type: 'dependency', pipeline: 'ledger', ...times });
    expect(Gate.parse({ name: 'change', type: 'webhook', url: 'http://x' })).toEqual({ name: 'change', type: 'webhook', url: 'http://x', ...times });
  });

  it.each([
    ['without a name', { type: 'approval', roles: ['sre'] }],
    ['without a type', { name: 'go', roles: ['sre'] }],
    ['of a type that is not there', { name: 'go', type: 'moon-phase' }],
    ['with a field of another type', { name: 'go', type: 'approval', roles: ['sre'], from: '01:00' }],
    ['that nobody may open', { name: 'go', type: 'approval', roles: [] }],
    ['that needs the word of nobody', { name: 'go', type: 'approval', roles: ['sre'], approvals: 0 }],
    ['that needs the word of half a person', { name: 'go', type: 'approval', roles: ['sre'], approvals: 1.5 }],
    ['that needs the word of too many', { name: 'go', type: 'approval', roles: ['sre'], approvals: 11 }],
    ['without a bound', { name: 'lag', type: 'metric', query: 'lag' }],
    ['without a question', { name: 'lag', type: 'metric', query: '', max: 1 }],
    ['that looks more often than once a second', { name: 'lag', type: 'metric', query: 'lag', max: 1, interval: '10ms' }],
    ['that waits longer than any timer', { name: 'lag', type: 'metric', query: 'lag', max: 1, timeout: '31d' }],
    ['with a label that no alert has', { name: 'calm', type: 'alerts', labels: { 'my-service': 'shop' } }],
    ['that depends on nothing', { name: 'ledger', type: 'dependency' }],
    ['that asks nobody', { name: 'change', type: 'webhook' }],
    ['with a secret that is written down', { name: 'change', type: 'webhook', url: 'http://x', secret: 'whsec_abc' }],
  ])('is refused %s', (_title, gate) => {
    expect(isGate(gate)).toBe(false);
  });
});

describe('a window', () => {
  it.each([
    ['hours', { from: '09:00', to: '17:00' }],
    ['hours over midnight, on some days, in a time zone', { days: ['fri'], from: '22:00', to: '04:00', timezone: 'America/New_York' }],
    ['the quiet hours of each region', { offPeak: true }],
    ['the quiet hours of each region by another clock', { offPeak: true, timezone: 'UTC' }],
  ])('may have %s', (_title, window) => {
    expect(isGate({ name: 'w', type: 'window', ...window })).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a beginning without an end', { from: '09:00' }],
    ['both hours and quiet hours', { from: '09:00', to: '17:00', offPeak: true }],
    ['days of its own and quiet hours', { days: ['mon'], offPeak: true }],
    ['quiet hours that are none', { offPeak: false }],
    ['no length', { from: '09:00', to: '09:00' }],
    ['no day', { days: [], from: '09:00', to: '17:00' }],
    ['a day of another language', { days: ['montag'], from: '09:00', to: '17:00' }],
    ['an hour that no clock shows', { from: '24:00', to: '25:00' }],
    ['an hour in another notation', { from: '9:00', to: '5pm' }],
    ['a time zone that is none', { from: '09:00', to: '17:00', timezone: 'Europe/Sydney' }],
  ])('is refused with %s', (_title, window) => {
    expect(isGate({ name: 'w', type: 'window', ...window })).toBe(false);
  });
});

it('quiet hours are hours of some days', () => {
  expect(Hours.parse({ days: ['mon', 'tue'], from: '23:00', to: '05:00' })).toEqual({ days: ['mon', 'tue'], from: '23:00', to: '05:00' });
  expect(Hours.safeParse({ from: '05:00', to: '05:00' }).success).toBe(false);
});
