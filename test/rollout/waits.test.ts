import { describe, expect, it } from 'vitest';
import type { WaitingFor } from '../../src/rollout/schema/rollout.js';
import { drainNeeds, freezeNeeds, scopeName, waitText } from '../../src/rollout/waits.js';

const until = '2026-11-22T10:00:30.000Z';
const waiting = (changes: Partial<WaitingFor>): WaitingFor =>
  ({ gate: 'go-no-go', type: 'approval', environment: 'production', since: '2026-11-21T10:00:00.000Z', needs: 'approval by sre', ...changes });

describe('what a rollout waits for, in words', () => {
  it('is a gate: what it needs, and the moment in which it expires', () => {
    expect(waitText(waiting({ until }))).toBe('go-no-go in production: approval by sre, until 2026-11-22 10:00 UTC');
    expect(waitText(waiting({ gate: 'load', type: 'metric', wave: 2, needs: 'a value of at most 10; seen last: load is 34', until })))
      .toBe('load in wave 2 of production: a value of at most 10; seen last: load is 34, until 2026-11-22 10:00 UTC');
  });

  it('is the people who have not said yes yet: those who have are named', () => {
    const approvals = ['ana', 'ben'].map((by) => ({ by, at: until }));
    expect(waitText(waiting({ needs: 'approval of 3 different people, each by sre', approvals })))
      .toBe('go-no-go in production: approval of 3 different people, each by sre, so far ana and ben');
  });

  it('is a window: when it opens, not when it expires', () => {
    expect(waitText(waiting({ gate: 'quiet-hours', type: 'window', region: 'sydney', tenant: 'acme', needs: "01:00 to 05:00 in the region's own time", until })))
      .toBe("quiet-hours in production/sydney/acme: 01:00 to 05:00 in the region's own time, opens at 2026-11-22 10:00 UTC");
  });

  it('is the end of a freeze: its time, or somebody who lifts it', () => {
    const frozen = waiting({ gate: 'black-friday', type: 'freeze', needs: freezeNeeds({ owners: ['ana', 'ben'], reason: 'Black Friday' }) });
    expect(waitText({ ...frozen, until })).toBe('the end of the freeze black-friday in production: held by ana and ben (Black Friday), until 2026-11-22 10:00 UTC');
    expect(waitText({ ...frozen, region: 'sydney' })).toBe('the end of the freeze black-friday in production/sydney: held by ana and ben (Black Friday), until it is lifted');
  });

  it('is a drained region: until it takes part again, or is skipped', () => {
    expect(waitText(waiting({ gate: 'sydney', type: 'drained', region: 'sydney', needs: drainNeeds('new disks') })))
      .toBe('production/sydney: drained (new disks), until it takes part again or somebody skips it');
  });
});

it('a place is named as people read it', () => {
  expect(scopeName({ environment: 'production' })).toBe('production');
  expect(scopeName({ environment: 'production', wave: 2 })).toBe('wave 2 of production');
  expect(scopeName({ environment: 'production', wave: 2, region: 'sydney' })).toBe('production/sydney');
  expect(scopeName({ environment: 'production', region: 'sydney', tenant: 'acme' })).toBe('production/sydney/acme');
});
