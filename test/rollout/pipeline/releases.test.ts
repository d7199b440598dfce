import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/rollout/limits.js';
import { completeRelease, markVerified, overrideText, recordOverride, rememberRelease, revokeVerified, type KnownRelease } from '../../../src/rollout/pipeline/releases.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { shop, verifiedIn } from '../sample-document.js';

const at = '2026-11-21T10:00:00.000Z';
const folder = (digit: string) => ({ path: '/releases/shop', digest: `sha256:${digit.repeat(64)}` });
const webhookShop = shop();
const processShop = shop({ target: { type: 'process', command: ['node'], port: '4100' } });

const known = (release: Release, verified: Record<string, string> = {}): KnownRelease => ({ release, firstSeenAt: at, verified, overrides: [], revocations: [] });
const versionsOf = (list: KnownRelease[]): string[] => list.map(({ release }) => release.version);

describe('a release that is asked for', () => {
  const before = [known({ version: '1.1.0', artifact: folder('a'), config: { COLOUR: 'blue', SIZE: 'm' }, links: [{ title: 'ticket', url: 'https://tickets/1' }] })];
  const whole = before[0]!.release;

  it('is the one that is known, when its version is given', () => {
    expect(completeRelease({ version: '1.1.0' }, before, processShop)).toBe(whole);
  });

  it('is the one that is known, when the whole bundle is given again; links are no part of it', () => {
    const again = { version: '1.1.0', config: { SIZE: 'm', COLOUR: 'blue' }, artifact: folder('a') };
    expect(completeRelease(again, before, processShop)).toBe(whole);
    expect(completeRelease({ ...again, links: [] }, before, processShop)).toBe(whole);
    expect(completeRelease({ version: '1.1.0', links: [{ title: 'other', url: 'https://tickets/2' }] }, before, processShop)).toBe(whole);
  });

  it.each<[string, Partial<Release>]>([
    ['another artifact', { artifact: folder('b'), config: { COLOUR: 'blue', SIZE: 'm' } }],
    ['another value in its config', { artifact: folder('a'), config: { COLOUR: 'red', SIZE: 'm' } }],
    ['a value more in its config', { artifact: folder('a'), config: { COLOUR: 'blue', SIZE: 'm', EXTRA: '1' } }],
    ['its config left out', { artifact: folder('a') }],
    ['its artifact left out', { config: { COLOUR: 'blue', SIZE: 'm' } }],
  ])('is refused with %s: a version never changes', (_title, bundle) => {
    expect(() => completeRelease({ version: '1.1.0', ...bundle }, before, processShop)).toThrow(
      expect.objectContaining({
        code: 'ReleaseChanged',
        message: '1.1.0 is already known with another artifact, config or migrations. A release never changes: give the new one a new version.',
      }),
    );
  });

  it('is refused when it is new and a region needs its folder, and the refusal says how to give it', () => {
    expect(() => completeRelease({ version: '1.2.0', config: { COLOUR: 'red' } }, before, processShop)).toThrow(
      expect.objectContaining({
        code: 'ReleaseUnknown',
        message: '1.2.0 is not known to shop yet: give its artifact as { path, digest } (`meridian ship shop 1.2.0 --artifact DIR`).',
      }),
    );
    const inProduction = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'production', target: processShop.target }] });
    expect(() => completeRelease({ version: '1.2.0' }, [], inProduction)).toThrow(expect.objectContaining({ code: 'ReleaseUnknown' }));
  });

  it('is taken as it is when it is new, and needs no artifact where the target brings its own', () => {
    const whole2 = { version: '1.2.0', artifact: folder('b') };
    expect(completeRelease(whole2, before, processShop)).toBe(whole2);
    expect(completeRelease({ version: '1.2.0' }, before, webhookShop)).toEqual({ version: '1.2.0' });
  });
});

describe('the releases that a pipeline remembers', () => {
  const full = (isVerified: (index: number) => boolean): KnownRelease[] =>
    Array.from({ length: limits.releasesKept }, (_, index) =>
      known({ version: `1.${index}.0` }, isVerified(index) ? verifiedIn('production/sydney') : {}));

  it('have each version once, newest last', () => {
    const once = rememberRelease([], { version: '1.0.0' }, at);
    expect(once).toEqual([{ release: { version: '1.0.0' }, firstSeenAt: at, verified: {}, overrides: [], revocations: [] }]);
    expect(rememberRelease(once, { version: '1.0.0' }, 'later')).toBe(once);
    expect(versionsOf(rememberRelease(once, { version: '0.9.0' }, at))).toEqual(['1.0.0', '0.9.0']);
  });

  it('make room by forgetting the oldest one that is verified nowhere', () => {
    const list = rememberRelease(full((index) => index < 40), { version: '2.0.0' }, at);
    expect(versionsOf(list)).not.toContain('1.40.0');
    expect(versionsOf(list)).toEqual(expect.arrayContaining(['1.0.0', '1.39.0', '1.41.0', '2.0.0']));
  });

  it('forget a verified one only when all are verified, and never the newcomer', () => {
    const list = rememberRelease(full(() => true), { version: '2.0.0' }, at);
    expect(versionsOf(list)).toEqual([...Array.from({ length: limits.releasesKept - 1 }, (_, index) => `1.${index + 1}.0`), '2.0.0']);
  });

  it('make room when they are verified in more places than a pipeline can carry', () => {
    const places = verifiedIn(...Array.from({ length: 600 }, (_, index) => `production/r${index}`));
    const list = Array.from({ length: 30 }).reduce<KnownRelease[]>((before, _each, index) =>
      rememberRelease(before, { version: `${index}` }, at).map((each) => (each.release.version === `${index}` ? { ...each, verified: places } : each)), []);
    expect(versionsOf(list)).toEqual(Array.from({ length: 17 }, (_, index) => `${index + 13}`));
  });

  it('never grow past their limit, nor lose a verified one while an unverified one is there', () => {
    fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 90, maxLength: 230, size: 'max' }), (soaks) => {
      const list = soaks.reduce<KnownRelease[]>((before, soaked, index) => {
        const next = rememberRelease(before, { version: `${index}` }, at);
        expect(next.at(-1)!.release.version).toBe(`${index}`);
        return soaked ? markVerified(next, { environment: 'production', region: 'sydney', release: { version: `${index}` }, verified: true, at }) : next;
      }, []);
      expect(list).toHaveLength(Math.min(soaks.length, limits.releasesKept));
      const room = limits.releasesKept - (soaks.at(-1) ? 0 : 1); // the newcomer has its place, verified or not
      expect(list.filter(({ verified }) => Object.keys(verified).length > 0)).toHaveLength(Math.min(soaks.filter(Boolean).length, room));
    }), { numRuns: 50 });
  });
});

describe('a release that is being shipped', () => {
  it('is never the one that makes room, however little is known of it yet', () => {
    const full = Array.from({ length: limits.releasesKept }, (_, index) => known({ version: `1.${index}.0` }, index === 3 ? {} : { 'staging/sydney': at }));
    const versions = rememberRelease(full, { version: '2.0.0' }, at, ['1.3.0']).map(({ release }) => release.version);
    expect(versions).toContain('1.3.0');
    expect(versions).not.toContain('1.0.0');
    expect(rememberRelease(full, { version: '2.0.0' }, at).map(({ release }) => release.version)).not.toContain('1.3.0');
  });
});

describe('where a release is verified', () => {
  const both = [known({ version: '1.0.0' }, verifiedIn('production/sydney')), known({ version: '1.1.0' }, verifiedIn('staging/sydney'))];
  const inSydney = { environment: 'production', region: 'sydney', at };

  it('is the place that it has just soaked in', () => {
    const [old, fresh] = markVerified(both, { ...inSydney, release: { version: '1.1.0' }, verified: true });
    expect(fresh!.verified).toEqual({ ...verifiedIn('staging/sydney'), 'production/sydney': at });
    expect(old).toBe(both[0]);
  });

  it('is not a place where it only runs', () => {
    expect(markVerified(both, { ...inSydney, release: { version: '1.1.0' }, verified: false })).toEqual(both);
  });

  it('is no longer the place that it is taken away from, while what comes back there stays verified', () => {
    const marked = markVerified(both, { ...inSydney, release: { version: '1.1.0' }, verified: true });
    const back = markVerified(marked, { ...inSydney, release: { version: '1.0.0' }, verified: false, revoked: '1.1.0' });
    expect(back.map(({ verified }) => Object.keys(verified))).toEqual([['production/sydney'], ['staging/sydney']]);
  });
});

describe('a release that a person takes back', () => {
  const who = { by: 'ben', reason: 'it lost orders' };
  const list = [known({ version: '1.1.0' }, verifiedIn('staging/sydney', 'production/sydney', 'production/sydney/acme', 'production/frankfurt/acme'))];
  const left = (names: { environment?: string; region?: string; tenant?: string }): string[] =>
    Object.keys(revokeVerified(list, { release: '1.1.0', ...who, ...names }, at).releases[0]!.verified);

  it('is no longer verified anywhere', () => {
    expect(left({})).toEqual([]);
  });

  it.each([
    [{ environment: 'production' }, ['staging/sydney']],
    [{ region: 'sydney' }, ['production/frankfurt/acme']],
    [{ tenant: 'acme' }, ['staging/sydney', 'production/sydney']],
    [{ environment: 'production', region: 'frankfurt' }, ['staging/sydney', 'production/sydney', 'production/sydney/acme']],
    [{ environment: 'canary' }, ['staging/sydney', 'production/sydney', 'production/sydney/acme', 'production/frankfurt/acme']],
  ])('stays verified in every place that does not agree with all of %j', (names, expected) => {
    expect(left(names)).toEqual(expected);
  });

  it('keeps who took it back, where, and why', () => {
    expect(revokeVerified(list, { release: '1.1.0', ...who, tenant: 'acme' }, at).releases[0]!.revocations)
      .toEqual([{ ...who, at, places: ['production/sydney/acme', 'production/frankfurt/acme'] }]);
  });

  it('is answered with the places where it was verified, and must be known', () => {
    expect(revokeVerified(list, { release: '1.1.0', ...who, tenant: 'acme' }, at).places).toEqual(['production/sydney/acme', 'production/frankfurt/acme']);
    expect(() => revokeVerified(list, { release: '9.9.9', ...who }, at)).toThrow(expect.objectContaining({ code: 'ReleaseUnknown' }));
  });
});

describe('a rule that was passed over with a release', () => {
  const record = { by: 'ana', at, what: 'staging, where 1.1.0 is not verified', reason: 'the shop is down' };

  it('is told with it for ever, each in a sentence', () => {
    const list = recordOverride(recordOverride([known({ version: '1.1.0' }), known({ version: '1.2.0' })], '1.1.0', record), '1.1.0', { ...record, by: 'ben', what: 'the gate go', reason: 'asleep' });
    expect(overrideText(list, '1.1.0')).toBe('ana passed over staging, where 1.1.0 is not verified: the shop is down; ben passed over the gate go: asleep');
    expect(overrideText(list, '1.2.0')).toBeNull();
    expect(overrideText(list, null)).toBeNull();
  });

  it('keeps the release from being forgotten before others are', () => {
    const full = Array.from({ length: limits.releasesKept }, (_, index) => known({ version: `1.${index}.0` }));
    const list = rememberRelease(recordOverride(full, '1.0.0', record), { version: '2.0.0' }, at);
    expect(versionsOf(list)).toContain('1.0.0');
    expect(versionsOf(list)).not.toContain('1.1.0');
  });
});
