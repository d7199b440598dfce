import { describe, expect, it } from 'vitest';
import { isNews, nextEndMs, shareOf } from '../../../src/rollout/pipeline/calendar-shares.js';
import type { Block } from '../../../src/rollout/schema/block.js';
import type { Freeze, FreezeScope } from '../../../src/rollout/schema/freeze.js';

const at = '2026-11-21T10:00:00.000Z';
const freeze = (name: string, scope: FreezeScope, to: string | null = null): Freeze =>
  ({ name, holds: [{ owner: 'ana', scope, from: at, to, reason: 'sales', by: 'ana', at }] });
const block = (name: string, pipelines?: string[]): Block => ({ name, version: '1.1.0', reason: 'it leaks', by: 'eve', at, ...(pipelines && { pipelines }) });
const nothing = { freezes: [], blocks: [] };

describe('the share of a pipeline in the calendar', () => {
  const everything = {
    freezes: [freeze('all', 'all'), freeze('shops', { pipelines: ['shop'] }), freeze('mails', { pipelines: ['mail'] }), freeze('oslo', { regions: ['oslo'] })],
    blocks: [block('cve-1'), block('cve-2', ['mail'])],
  };

  it('is each freeze and block that may concern it', () => {
    const { freezes, blocks } = shareOf(everything, 'shop');
    expect(freezes.map(({ name }) => name)).toEqual(['all', 'shops', 'oslo']);
    expect(blocks.map(({ name }) => name)).toEqual(['cve-1']);
  });

  it('is news when it changes, and what comes to others is none', () => {
    expect(isNews(nothing, { ...nothing, freezes: [freeze('all', 'all')] }, 'shop')).toBe(true);
    expect(isNews({ ...nothing, blocks: [block('cve-1')] }, nothing, 'shop')).toBe(true);
    expect(isNews(nothing, { freezes: [freeze('mails', { pipelines: ['mail'] })], blocks: [block('cve-2', ['mail'])] }, 'shop')).toBe(false);
    expect(isNews(everything, structuredClone(everything), 'shop')).toBe(false);
  });
});

describe('the next end of a hold', () => {
  it('is the earliest, and none where everything lasts until it is lifted', () => {
    const ends = [freeze('a', 'all', '2026-11-23T00:00:00.000Z'), freeze('b', 'all', '2026-11-22T00:00:00.000Z'), freeze('c', 'all')];
    expect(nextEndMs({ freezes: ends, blocks: [] })).toBe(Date.parse('2026-11-22T00:00:00.000Z'));
    expect(nextEndMs({ freezes: [freeze('c', 'all')], blocks: [] })).toBeNull();
  });
});
