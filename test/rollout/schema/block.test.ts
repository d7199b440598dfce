import { describe, expect, it } from 'vitest';
import { BlockRequest } from '../../../src/rollout/schema/block.js';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('a block', () => {
  it.each([
    ['a version of every pipeline', { version: '1.2.0', reason: 'loses orders' }],
    ['a version of some pipelines', { version: '1.2.0', pipelines: ['shop'], reason: 'loses orders' }],
    ['bytes, whatever they are called', { digest, reason: 'CVE-2026-1234' }],
    ['both', { version: '1.2.0', digest, reason: 'CVE-2026-1234' }],
  ])('may name %s', (_title, block) => {
    expect(BlockRequest.parse(block)).toEqual(block);
  });

  it.each([
    ['of nothing', { reason: 'x' }],
    ['without a reason', { version: '1.2.0' }],
    ['with an empty reason', { version: '1.2.0', reason: '' }],
    ['of a digest that is none', { digest: 'sha256:abc', reason: 'x' }],
    ['in no pipeline', { version: '1.2.0', pipelines: [], reason: 'x' }],
    ['by a key that nobody reads', { version: '1.2.0', reason: 'x', until: 'tomorrow' }],
  ])('is refused %s', (_title, block) => {
    expect(BlockRequest.safeParse(block).success).toBe(false);
  });
});
