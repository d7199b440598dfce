import { z } from 'zod';
import { limits } from '../limits.js';
import { Migration, MigrationName } from './migration.js';
import { ReleaseVersion, VariableName } from './names.js';

export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 hexadecimal digits');
export type Digest = z.infer<typeof Digest>;

/** A folder on the worker's machine. The digest covers every file's path, mode bit and bytes; see docs/artifacts.md. */
export const FolderArtifact = z.strictObject({ path: z.string().min(1).max(1_000), digest: Digest });
export type FolderArtifact = z.infer<typeof FolderArtifact>;

/** A container image, pinned by digest: `registry.example/shop@sha256:…` */
export const ImageArtifact = z.strictObject({
  image: z.string().max(500).regex(/^[^@\s]+@sha256:[0-9a-f]{64}$/, 'pin the image by digest: name@sha256:…'),
});
export type ImageArtifact = z.infer<typeof ImageArtifact>;

export const Artifact = z.union([FolderArtifact, ImageArtifact]);
export type Artifact = z.infer<typeof Artifact>;

/** An immutable bundle: once a version has been shipped, its artifact, config and migrations never change. */
export const Release = z.strictObject({
  version: ReleaseVersion,
  artifact: Artifact.optional(),
  config: z.record(VariableName, z.string().max(4_000)).optional(),
  links: z.array(z.strictObject({ title: z.string().min(1).max(200), url: z.url().max(1_000) })).max(20).optional(),
  migrations: z.array(MigrationName).max(limits.migrations).optional()
    .describe('Migrations whose new shape its code uses, in the order in which they are applied'),
  freeOf: z.array(MigrationName).max(limits.migrations).optional()
    .describe('Migrations whose old shape its code uses no more: it runs after their contract'),
});
export type Release = z.infer<typeof Release>;

/** A release as it is sent: with the migrations themselves. One that the pipeline knows may be named only. */
export const SentRelease = z.strictObject({
  ...Release.shape,
  migrations: z.array(z.union([Migration, MigrationName])).max(limits.migrations).optional()
    .describe('Every migration whose new shape its code uses, in their order; the name alone where the pipeline knows it'),
});
export type SentRelease = z.infer<typeof SentRelease>;

/** Somebody has taken back what a release had passed. */
export const RevocationRecord = z.object({
  by: z.string(),
  at: z.iso.datetime(),
  reason: z.string(),
  places: z.array(z.string()).describe('`<environment>/<region>[/<tenant>]`: where it was verified until then'),
});
export type RevocationRecord = z.infer<typeof RevocationRecord>;
