import { describe, expect, it } from 'vitest';
import type { WaitingFor } from '../../../src/rollout/schema/rollout.js';
import { groupWaits, scopeName, waitsText } from '../../../src/rollout/control/waits.js';

const until = '2026-11-22T10:00:30.000Z';
const waiting = (changes: Partial<WaitingFor>): WaitingFor =>
  ({ gate: 'go-no-go', type: 'approval', environment: 'production', since: '2026-11-21T10:00:00.000Z', needs: 'approval by sre', ...changes });

describe('what a rollout waits for, in words', () => {
  it('is a gate: what it needs, and the moment in which it expires', () => {
    expect(waitsText([waiting({ until })])).toBe('go-no-go in production: approval by sre, until 2026-11-22 10:00 UTC');
    expect(waitsText([waiting({ gate: 'load', type: 'metric', wave: 2, needs: 'a value of at most 10; seen last: load is 34', until })]))
      .toBe('load in wave 2 of production: a value of at most 10; seen last: load is 34, until 2026-11-22 10:00 UTC');
  });

  it('is the people who have not said yes yet: those who have are named', () => {
    const approvals = ['ana', 'ben'].map((by) => ({ by, at: until }));
    expect(waitsText([waiting({ needs: 'approval of 3 different people, each by sre', approvals })]))
      .toBe('go-no-go in production: approval of 3 different people, each by sre, so far ana and ben');
  });

  it('is a window: when it opens, not when it expires', () => {
    expect(waitsText([waiting({ gate: 'quiet-hours', type: 'window', region: 'sydney', tenant: 'acme', needs: "01:00 to 05:00 in the region's own time", until })]))
      .toBe("quiet-hours in production/sydney/acme: 01:00 to 05:00 in the region's own time, opens at 2026-11-22 10:00 UTC");
  });

  it('is a freeze: who can lift it, and when it ends by itself', () => {
    const frozen = waiting({ gate: 'black-friday', type: 'freeze', needs: 'ana and ben to lift it (Black Friday)' });
    expect(waitsText([{ ...frozen, until }])).toBe('the freeze black-friday in production: ana and ben to lift it (Black Friday), until 2026-11-22 10:00 UTC');
    expect(waitsText([{ ...frozen, region: 'sydney' }])).toBe('the freeze black-friday in production/sydney: ana and ben to lift it (Black Friday)');
  });

  it('is a drained region, by the name of its place', () => {
    expect(waitsText([waiting({ gate: 'sydney', type: 'drained', region: 'sydney', needs: 'sydney to take part again (drained: new disks), or a person to skip it' })]))
      .toBe('production/sydney: sydney to take part again (drained: new disks), or a person to skip it');
  });

  it('is one thing where several places wait for the same until the same time, and of more than three the number', () => {
    const quietIn = (region: string, hour: number): WaitingFor =>
      waiting({ gate: 'quiet', type: 'window', region, needs: 'off-peak', until: `2026-11-22T${hour}:00:00.000Z` });
    expect(waitsText([quietIn('berlin', 10), quietIn('sydney', 12), quietIn('paris', 10)]))
      .toBe('quiet in production/berlin and production/paris: off-peak, opens at 2026-11-22 10:00 UTC; and for quiet in production/sydney: off-peak, opens at 2026-11-22 12:00 UTC');
    expect(waitsText([10, 11, 12, 13, 14].map((hour) => quietIn('sydney', hour))))
      .toMatch(/ 10:00 UTC; and for quiet .* 11:00 UTC; and for quiet .* 12:00 UTC; and for 2 more$/);
  });
});

it('things that differ in anything but their place and their beginning are waited for apart', () => {
  const first = waiting({ region: 'sydney' });
  expect(groupWaits([first, { ...first, region: 'oslo', since: until }])).toHaveLength(1);
  for (const change of [{ gate: 'other' }, { type: 'window' as const }, { environment: 'staging' }, { wave: 1 }, { until }, { needs: 'more' }, { approvals: [{ by: 'ana', at: until }] }]) {
    expect(groupWaits([first, { ...first, ...change }])).toHaveLength(2);
  }
});

it('a place is named as people read it', () => {
  expect(scopeName({ environment: 'production' })).toBe('production');
  expect(scopeName({ environment: 'production', wave: 2 })).toBe('wave 2 of production');
  expect(scopeName({ environment: 'production', wave: 2, region: 'sydney' })).toBe('production/sydney');
  expect(scopeName({ environment: 'production', region: 'sydney', tenant: 'acme' })).toBe('production/sydney/acme');
});
