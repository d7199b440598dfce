import { MeridianFailure } from './failure.js';
import { limits } from './limits.js';
import type { PipelineDocument } from './schema/pipeline.js';
import type { Release } from './schema/release.js';
import { canonical } from './canonical.js';

export interface KnownRelease {
  release: Release;
  /** ISO 8601. */
  firstSeenAt: string;
  /** `<environment>/<region>` → when the release passed its soak there (ISO 8601). */
  verified: Record<string, string>;
}

/**
 * The whole bundle of the release that is asked for: as it was given, or as it is known when only the version was given.
 * Throws `ReleaseUnknown`, or `ReleaseChanged` when the version is known with another artifact or config: a release is immutable.
 */
export function completeRelease(asked: Release, known: KnownRelease[], document: PipelineDocument): Release {
  const before = known.find(({ release }) => release.version === asked.version)?.release;
  const isOnlyVersion = asked.artifact === undefined && asked.config === undefined;
  if (before !== undefined) {
    if (isOnlyVersion || canonical(bundleOf(asked)) === canonical(bundleOf(before))) return before;
    throw new MeridianFailure('ReleaseChanged',
      `${asked.version} is already known with another artifact or config. A release never changes: give the new one a new version.`);
  }
  if (asked.artifact === undefined && needsFolder(document)) {
    throw new MeridianFailure('ReleaseUnknown',
      `${asked.version} is not known to ${document.name} yet: give its artifact as { path, digest } (\`meridian ship ${document.name} ${asked.version} --artifact DIR\`).`);
  }
  return asked;
}

const bundleOf = ({ version, artifact, config }: Release) => ({ version, artifact: artifact ?? null, config: config ?? null });

const needsFolder = (document: PipelineDocument): boolean =>
  [document.target, ...document.lifecycle.map((phase) => phase.target)].some((target) => target?.type === 'process');

/** The list with this release in it, newest last. The oldest makes room. */
export function rememberRelease(known: KnownRelease[], release: Release, at: string): KnownRelease[] {
  if (known.some((each) => each.release.version === release.version)) return known;
  return [...withRoom(known), { release, firstSeenAt: at, verified: {} }];
}

/** One that is verified in a place is forgotten only when every other one is too. */
function withRoom(known: KnownRelease[]): KnownRelease[] {
  if (known.length < limits.releasesKept) return known;
  const unverified = known.findIndex((each) => Object.keys(each.verified).length === 0);
  return known.toSpliced(Math.max(unverified, 0), 1);
}

/** The list after a place has verified a version, or has taken one away. */
export function markVerified(
  known: KnownRelease[], change: { environment: string; region: string; release: Release | null; verified: boolean; revoked?: string; at: string },
): KnownRelease[] {
  const place = `${change.environment}/${change.region}`;
  return known.map((each) => {
    const { version } = each.release;
    if (change.verified && version === change.release?.version) return { ...each, verified: { ...each.verified, [place]: change.at } };
    if (version !== change.revoked) return each;
    const { [place]: _revoked, ...verified } = each.verified;
    return { ...each, verified };
  });
}
