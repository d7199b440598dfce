import { describe, expect, it } from 'vitest';
import { ScheduleRequest } from '../../../src/rollout/schema/schedule.js';

const nightly = { pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * mon-fri', reason: 'nightly' };
const isSchedule = (changes: object): boolean => ScheduleRequest.safeParse({ ...nightly, ...changes }).success;

describe('a schedule', () => {
  it('runs by the clock of UTC, unless it says otherwise', () => {
    expect(ScheduleRequest.parse(nightly)).toEqual({ ...nightly, timezone: 'UTC', rehearse: false, paused: false });
  });

  it('ships a version, or the newest that is verified somewhere', () => {
    expect(isSchedule({ release: { version: '1.1.0' } })).toBe(true);
    expect(isSchedule({ release: { version: '1.1.0', verifiedIn: 'staging' } })).toBe(false);
    expect(isSchedule({ release: {} })).toBe(false);
  });

  it.each([
    ['without a reason', { reason: '' }],
    ['without a time', { cron: '' }],
    ['with the seconds of other clocks', { cron: '0 0 2 * * mon' }],
    ['with too few fields', { cron: '0 2 * *' }],
    ['with a time zone of its own', { cron: 'CRON_TZ=Asia/Tokyo 0 2 * * *' }],
    ['at a name', { cron: '@daily' }],
    ['in words', { cron: 'every day at two, please' }],
    ['in no time zone', { timezone: 'Sydney' }],
    ['of no pipeline', { pipeline: undefined }],
    ['that overrides a phase every night', { override: { from: 'production', reason: 'x' } }],
    ['that takes the hot-fix lane every night', { lane: 'hotfix' }],
  ])('is refused %s', (_title, changes) => {
    expect(isSchedule(changes)).toBe(false);
  });
});
