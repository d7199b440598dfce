import { describe, expect, it } from 'vitest';
import { Release } from '../../../src/rollout/schema/release.js';

const digest = `sha256:${'0a'.repeat(32)}`;
const isRelease = (release: unknown): boolean => Release.safeParse(release).success;

describe('a release', () => {
  it.each([
    ['only its version', { version: '1.1.0' }],
    ['a folder with its digest', { version: '1.1.0', artifact: { path: '/releases/1.1.0', digest } }],
    ['an image that is pinned', { version: '1.1.0', artifact: { image: `registry.example/shop@${digest}` } }],
    ['config and links', { version: '1.1.0', config: { COLOUR: 'blue' }, links: [{ title: 'ticket', url: 'https://tickets/1' }] }],
  ])('may be %s', (_title, release) => {
    expect(Release.parse(release)).toEqual(release);
  });

  it.each([
    ['without a version', {}],
    ['with a key that nobody reads', { version: '1.1.0', notes: 'x' }],
    ['with a folder that no digest pins', { version: '1.1.0', artifact: { path: '/releases/1.1.0' } }],
    ['with a digest of another kind', { version: '1.1.0', artifact: { path: '/releases/1.1.0', digest: 'md5:0a' } }],
    ['with a digest in capitals', { version: '1.1.0', artifact: { path: '/x', digest: digest.toUpperCase() } }],
    ['with an image that a tag names', { version: '1.1.0', artifact: { image: 'registry.example/shop:1.1.0' } }],
    ['with folder and image', { version: '1.1.0', artifact: { path: '/x', digest, image: `shop@${digest}` } }],
    ['with a number in its config', { version: '1.1.0', config: { SIZE: 5 } }],
    ['with a link that is no URL', { version: '1.1.0', links: [{ title: 'ticket', url: 'PAY-5' }] }],
  ])('is refused %s', (_title, release) => {
    expect(isRelease(release)).toBe(false);
  });
});
