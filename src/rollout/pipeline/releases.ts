import { canonical } from '../canonical.js';
import { MeridianFailure } from '../failure.js';
import { limits } from '../limits.js';
import { placeKey, type Place } from '../places.js';
import type { PipelineDocument } from '../schema/pipeline.js';
import type { Release, RevocationRecord } from '../schema/release.js';
import type { OverrideRecord } from '../schema/rollout.js';

export interface KnownRelease {
  release: Release;
  /** ISO 8601. */
  firstSeenAt: string;
  /** `<environment>/<region>[/<tenant>]` → when the release passed its soak there (ISO 8601). */
  verified: Record<string, string>;
  /** Every rule that somebody passed over with it. */
  overrides: OverrideRecord[];
  /** What people have taken back of it, and why; newest last. */
  revocations: RevocationRecord[];
}

/**
 * The whole bundle of the release that is asked for: as it was given, or as it is known when only the version was given.
 * Throws `ReleaseUnknown`, or `ReleaseChanged` when the version is known with another artifact, config or migrations: a release is immutable.
 */
export function completeRelease(asked: Release, known: KnownRelease[], document: PipelineDocument): Release {
  const before = known.find(({ release }) => release.version === asked.version)?.release;
  const isOnlyVersion = [asked.artifact, asked.config, asked.migrations, asked.freeOf].every((part) => part === undefined);
  if (before !== undefined) {
    if (isOnlyVersion || canonical(bundleOf(asked)) === canonical(bundleOf(before))) return before;
    throw new MeridianFailure('ReleaseChanged',
      `${asked.version} is already known with another artifact, config or migrations. A release never changes: give the new one a new version.`);
  }
  if (asked.artifact === undefined && needsFolder(document)) {
    throw new MeridianFailure('ReleaseUnknown',
      `${asked.version} is not known to ${document.name} yet: give its artifact as { path, digest } (\`meridian ship ${document.name} ${asked.version} --artifact DIR\`).`);
  }
  return asked;
}

const bundleOf = ({ version, artifact, config, migrations = [], freeOf = [] }: Release) =>
  ({ version, artifact: artifact ?? null, config: config ?? null, migrations, freeOf: freeOf.toSorted() });

const needsFolder = (document: PipelineDocument): boolean =>
  [document.target, ...document.lifecycle.map((phase) => phase.target)].some((target) => target?.type === 'process');

/** The list with this release in it, newest last. The oldest makes room, but none of those `inUse`: a rollout ships it, or is going to. */
export function rememberRelease(known: KnownRelease[], release: Release, at: string, inUse: readonly string[] = []): KnownRelease[] {
  if (known.some((each) => each.release.version === release.version)) return known;
  return [...withRoom(known, inUse), { release, firstSeenAt: at, verified: {}, overrides: [], revocations: [] }];
}

/**
 * One that is verified in a place, or was shipped past a rule, is forgotten only when every other one is too; or when all together are
 * verified in more places than the pipeline can carry.
 */
function withRoom(known: KnownRelease[], inUse: readonly string[]): KnownRelease[] {
  const isFree = ({ release }: KnownRelease): boolean => !inUse.includes(release.version);
  let kept = known;
  if (known.length >= limits.releasesKept) {
    const unremarkable = known.findIndex((each) => isFree(each) && placesOf(each) === 0 && each.overrides.length === 0);
    kept = without(known, unremarkable >= 0 ? unremarkable : known.findIndex(isFree));
  }
  for (let oldest = 0; oldest >= 0 && verifiedCount(kept) > limits.verifiedKept; ) {
    oldest = kept.findIndex((each) => isFree(each) && placesOf(each) > 0);
    kept = without(kept, oldest);
  }
  return kept;
}

const without = (known: KnownRelease[], index: number): KnownRelease[] => (index < 0 ? known : known.toSpliced(index, 1));

const placesOf = ({ verified }: KnownRelease): number => Object.keys(verified).length;
const verifiedCount = (known: KnownRelease[]): number => known.reduce((total, each) => total + placesOf(each), 0);

/** Of each kind, for each release. */
const recordsKept = 100;

/** The list after a rule was passed over with this version: never forgotten while the release is known. */
export const recordOverride = (known: KnownRelease[], version: string, record: OverrideRecord): KnownRelease[] =>
  known.map((each) => (each.release.version !== version ? each : { ...each, overrides: [...each.overrides, record].slice(-recordsKept) }));

/** Who passed over what with this version, in one sentence each; null when nobody did. */
export function overrideText(known: KnownRelease[], version: string | null): string | null {
  const overrides = known.find(({ release }) => release.version === version)?.overrides ?? [];
  return overrides.length === 0 ? null : overrides.map(({ by, what, reason }) => `${by} passed over ${what}: ${reason}`).join('; ');
}

/** The list after a place has verified a version, or has taken one away. */
export function markVerified(
  known: KnownRelease[], change: Place & { release: Release | null; verified: boolean; revoked?: string; at: string },
): KnownRelease[] {
  const place = placeKey(change);
  return known.map((each) => {
    const { version } = each.release;
    if (change.verified && version === change.release?.version) return { ...each, verified: { ...each.verified, [place]: change.at } };
    return version === change.revoked ? withoutPlaces(each, (key) => key === place) : each;
  });
}

/** What a release has passed and shall not have passed any more; every place that agrees with each name that is given. */
export interface Revocation {
  release: string;
  environment?: string | undefined;
  region?: string | undefined;
  tenant?: string | undefined;
  by: string;
  reason: string;
}

/** The list without what is revoked, and the keys of the places where the release was verified. Throws `ReleaseUnknown`. */
export function revokeVerified(
  known: KnownRelease[], { release: version, by, reason, ...names }: Revocation, at: string,
): { releases: KnownRelease[]; places: string[] } {
  const before = known.find(({ release }) => release.version === version);
  if (before === undefined) throw new MeridianFailure('ReleaseUnknown', `${version} is not known: nobody has shipped it yet.`);
  const isMeant = (key: string): boolean => {
    const [environment, region, tenant] = key.split('/');
    return agrees(names.environment, environment) && agrees(names.region, region) && agrees(names.tenant, tenant);
  };
  const places = Object.keys(before.verified).filter(isMeant);
  const after = { ...withoutPlaces(before, isMeant), revocations: [...before.revocations, { by, at, reason, places }].slice(-recordsKept) };
  return { releases: known.map((each) => (each === before ? after : each)), places };
}

const agrees = (wanted: string | undefined, name: string | undefined): boolean => wanted === undefined || wanted === name;

const withoutPlaces = (known: KnownRelease, isRevoked: (key: string) => boolean): KnownRelease => ({
  ...known, verified: Object.fromEntries(Object.entries(known.verified).filter(([key]) => !isRevoked(key))),
});
