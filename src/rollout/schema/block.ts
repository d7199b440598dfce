import { z } from 'zod';
import { BlockName, PipelineName, ReleaseVersion } from './names.js';
import { Digest } from './release.js';

/** Which releases are blocked, in these pipelines or in all: a version, an artifact's digest under whatever version it comes, or both. */
export const BlockRequest = z
  .strictObject({
    version: ReleaseVersion.optional(),
    digest: Digest.optional().describe('Of a folder or of an image'),
    pipelines: z.array(PipelineName).min(1).max(200).optional().describe('Every pipeline when absent'),
    reason: z.string().min(1).max(2_000).describe('Repeated to whoever tries to ship it'),
  })
  .refine(({ version, digest }) => version !== undefined || digest !== undefined, 'give a version, a digest or both');
export type BlockRequest = z.infer<typeof BlockRequest>;

/** A release that nobody may ship. */
export const Block = z.object({ name: BlockName, ...BlockRequest.shape, by: z.string(), at: z.iso.datetime() });
export type Block = z.infer<typeof Block>;
