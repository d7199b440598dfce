import { describe, expect, it } from 'vitest';
import { blockedMessage, blockOf, liftBlock, setBlock } from '../../../src/rollout/control/blocks.js';
import { limits } from '../../../src/rollout/limits.js';
import type { Block } from '../../../src/rollout/schema/block.js';
import type { Release } from '../../../src/rollout/schema/release.js';

const [bad, other] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const now = '2026-11-21T10:00:00.000Z';
const block = (changes: Partial<Block>): Block => ({ name: 'cve-2026-1234', reason: 'leaks tokens', by: 'ana', at: now, ...changes });
const release = (version: string, artifact?: Release['artifact']): Release => ({ version, ...(artifact && { artifact }) });

describe('a block', () => {
  it('by version meets that version, with whatever artifact it comes', () => {
    const blocks = [block({ version: '1.4.2' })];
    expect(blockOf(blocks, 'shop', release('1.4.2'))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('1.4.2', { image: `registry.example/shop@${other}` }))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('1.4.20'))).toBeNull();
  });

  it('by digest meets the artifact under whatever version it comes, a folder or an image', () => {
    const blocks = [block({ digest: bad })];
    expect(blockOf(blocks, 'shop', release('1.4.2', { path: '/releases/1.4.2', digest: bad }))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('renamed', { image: `registry.example:5000/team/shop@${bad}` }))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('1.4.2', { image: `registry.example/shop@${other}` }))).toBeNull();
    expect(blockOf(blocks, 'shop', release('1.4.2'))).toBeNull();
  });

  it('by version and digest meets whatever is one of the two', () => {
    const blocks = [block({ version: '1.4.2', digest: bad })];
    expect(blockOf(blocks, 'shop', release('1.4.2'))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('1.4.3', { path: '/releases/1.4.3', digest: bad }))).toBe(blocks[0]);
    expect(blockOf(blocks, 'shop', release('1.4.3', { path: '/releases/1.4.3', digest: other }))).toBeNull();
  });

  it('concerns the pipelines that it names, and all when it names none', () => {
    const blocks = [block({ version: '1.4.2', pipelines: ['shop', 'ledger'] })];
    expect(blockOf(blocks, 'ledger', release('1.4.2'))).toBe(blocks[0]);
    expect(blockOf(blocks, 'search', release('1.4.2'))).toBeNull();
    expect(blockOf([block({ version: '1.4.2' })], 'search', release('1.4.2'))).not.toBeNull();
  });

  it('says who has blocked what and why, and what to do', () => {
    expect(blockedMessage(block({}), release('1.4.2')))
      .toBe('1.4.2 is blocked (cve-2026-1234, by ana): leaks tokens. Ship another release, or lift the block first.');
  });
});

describe('the list of blocks', () => {
  const request = { version: '1.4.2', reason: 'leaks tokens' };

  it('keeps one of each name: the last word stands, in its place', () => {
    const first = setBlock([], { name: 'leak', request, by: 'ana' }, now);
    expect(first).toEqual([{ name: 'leak', version: '1.4.2', reason: 'leaks tokens', by: 'ana', at: now }]);
    const both = setBlock(first, { name: 'slow', request, by: 'ana' }, now);
    expect(setBlock(both, { name: 'leak', request: { digest: bad, reason: 'still leaks' }, by: 'ben' }, now))
      .toEqual([{ name: 'leak', digest: bad, reason: 'still leaks', by: 'ben', at: now }, both[1]]);
  });

  it('loses the one that is lifted, and says which there are when there is no such one', () => {
    const blocks = [block({ name: 'leak' }), block({ name: 'slow' })];
    expect(liftBlock(blocks, 'leak')).toEqual([block({ name: 'slow' })]);
    expect(() => liftBlock(blocks, 'lake')).toThrow(expect.objectContaining({ code: 'BlockNotFound', message: 'There is no block lake; there are: leak, slow.' }));
    expect(() => liftBlock([], 'leak')).toThrow('There is no block leak; there are: none.');
  });

  it('is bounded, and one that is there already can still be changed', () => {
    const full = Array.from({ length: limits.blocks }, (_each, index) => block({ name: `block-${index}` }));
    expect(() => setBlock(full, { name: 'one-more', request, by: 'ana' }, now)).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
    expect(setBlock(full, { name: 'block-7', request, by: 'ben' }, now)[7]).toMatchObject({ by: 'ben', version: '1.4.2' });
  });

  it('is bounded in its size, too', () => {
    const long = { ...request, reason: 'x'.repeat(2_000) };
    const full = Array.from({ length: 120 }, (_each, index) => block({ ...long, name: `block-${index}` }));
    expect(() => setBlock(full, { name: 'block-1', request: { ...long, reason: 'y'.repeat(20_000) }, by: 'ana' }, now))
      .toThrow(/^With this one there would be 120 blocks in 26\d{4} bytes; kept are at most 500 in 262144\./);
  });
});
