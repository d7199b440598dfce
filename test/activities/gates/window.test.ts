import { describe, expect, it } from 'vitest';
import { lookAtWindow } from '../../../activities/gates/window.js';
import { WindowGate } from '../../../src/rollout/schema/gate.js';
import { gateDependencies, gateWork, look } from './gate-work.js';

const night = WindowGate.parse({ name: 'night', type: 'window', from: '01:00', to: '05:00' });
const offPeak = WindowGate.parse({ name: 'tonight', type: 'window', offPeak: true });
const sydney = { timezone: 'Australia/Sydney', offPeak: { from: '02:00', to: '03:00' } };

/** 11:00 in Sydney ends the hour in UTC+11. */
const at = (time: string): number => Date.parse(`2026-11-21T${time}Z`);

describe('a window', () => {
  it('is judged by the clock on the wall of the region, and says when it changes', () => {
    expect(lookAtWindow(night, sydney, at('14:30:00'))).toEqual({
      isOpen: true, saw: 'night is open until 2026-11-21T18:00:00.000Z', lookAgainMs: 3_600_000,
    });
    expect(lookAtWindow(night, sydney, at('13:59:30'))).toEqual({
      isOpen: false, saw: 'night opens at 2026-11-21T14:00:00.000Z', opensAt: '2026-11-21T14:00:00.000Z', lookAgainMs: 30_000,
    });
  });

  it('that opens only in days is looked at every hour: clocks and rules of time zones are corrected', () => {
    const sundays = WindowGate.parse({ ...night, days: ['sun'] });
    expect(lookAtWindow(sundays, sydney, at('18:00:00'))).toMatchObject({ isOpen: false, opensAt: '2026-11-28T14:00:00.000Z', lookAgainMs: 3_600_000 });
  });

  it('is its own before the region\'s time zone, and the region\'s own night when that is asked for', () => {
    expect(lookAtWindow({ ...night, timezone: 'UTC' }, sydney, at('01:00:00')).isOpen).toBe(true);
    expect(lookAtWindow(offPeak, sydney, at('14:59:59')).isOpen).toBe(false);
    expect(lookAtWindow(offPeak, sydney, at('15:00:00')).isOpen).toBe(true);
  });

  it('without a time zone, or without off-peak hours, is closed and says so', async () => {
    expect(lookAtWindow(night, { timezone: null, offPeak: null }, at('02:00:00'))).toMatchObject({ isOpen: false, saw: expect.stringContaining('time zone') });
    const work = gateWork({ type: 'window', offPeak: true, timezone: 'UTC' }, { timezone: null, offPeak: null });
    expect(await look(gateDependencies(), work)).toMatchObject({ isOpen: false, saw: expect.stringContaining('off-peak'), lookAgainMs: 60_000 });
  });

  it('is looked at now', async () => {
    const [hour, minute] = new Date().toISOString().slice(11, 16).split(':').map(Number) as [number, number];
    const clock = (minutes: number): string => `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const now = hour * 60 + minute;
    const around = { type: 'window', timezone: 'UTC', from: clock(now + 1440 - 60), to: clock(now + 60) };
    const opposite = { ...around, from: around.to, to: around.from };
    expect(await look(gateDependencies(), gateWork(around))).toMatchObject({ isOpen: true });
    expect(await look(gateDependencies(), gateWork(opposite))).toMatchObject({ isOpen: false, opensAt: expect.stringMatching(/Z$/) });
  });
});
