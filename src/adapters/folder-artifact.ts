import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MeridianFailure } from '../rollout/failure.js';
import type { FolderArtifact } from '../rollout/schema/release.js';

/**
 * Digest of everything a release's folder holds, as `sha256:<64 hexadecimal digits>`.
 *
 * It is the SHA-256 over one entry for each file, sorted by path (by code unit, whatever the locale):
 * `<path>\0<x or ->\0<SHA-256 of the bytes, hexadecimal>\n`. Paths are relative, with slashes; `x` means that somebody may execute the file.
 * Owners, times, other mode bits and empty folders do not count, so a fresh clone has the digest of the folder it was cloned from.
 *
 * Throws `ArtifactMissing` when there is no such folder, `InvalidRequest` for a relative path or a folder that holds symbolic links, sockets
 * or devices: what they lead to is outside the digest.
 */
export async function digestOfFolder(folder: string): Promise<string> {
  await expectFolder(folder);
  const digest = createHash('sha256');
  for (const file of await filesOf(folder)) {
    const { mode } = await stat(path.join(folder, file));
    digest.update(`${file}\0${(mode & 0o111) === 0 ? '-' : 'x'}\0${await hashOfFile(path.join(folder, file))}\n`);
  }
  return `sha256:${digest.digest('hex')}`;
}

/** Throws `DigestMismatch` when the folder is not what was shipped, and whatever `digestOfFolder` throws. */
export async function verifyFolder({ path: folder, digest }: FolderArtifact): Promise<void> {
  const found = await digestOfFolder(folder);
  if (found === digest) return;
  throw new MeridianFailure(
    'DigestMismatch',
    `The files in ${folder} are not those of the release: their digest is ${found}, the release was registered with ${digest}. ` +
      'Put the original files back, or ship the changed ones as a new version.',
  );
}

async function expectFolder(folder: string): Promise<void> {
  if (!path.isAbsolute(folder)) {
    throw new MeridianFailure('InvalidRequest', `The artifact path ${folder} is relative, and the worker may run elsewhere: give an absolute path.`);
  }
  const found = await stat(folder).catch(missingAsNull);
  if (found?.isDirectory()) return;
  throw new MeridianFailure(
    'ArtifactMissing',
    `${folder} ${found ? 'is not a folder' : 'does not exist'} on this worker. An artifact is a folder that every worker of this task queue can read: copy it there.`,
  );
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => {
    const file = path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
    if (entry.isFile()) return file;
    const kind = entry.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
    throw new MeridianFailure('InvalidRequest', `${file} in ${folder} is ${kind}, which a digest cannot vouch for. Put a copy of the file there.`);
  });
  return files.toSorted();
}

async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function missingAsNull(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
  throw error;
}
