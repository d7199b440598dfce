import { chmod, cp, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOfFolder, verifyFolder } from '../../src/adapters/folder-artifact.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function artifact(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'release');
  await mkdir(path.join(folder, 'lib'), { recursive: true });
  await writeFile(path.join(folder, 'server.js'), 'serve();\n');
  await writeFile(path.join(folder, 'lib', 'tax.js'), 'export const rate = 0.1;\n');
  return folder;
}

describe('digestOfFolder', () => {
  it('is the documented digest of paths, execute bits and bytes', async () => {
    // printf '%s\0-\0%s\n' lib/tax.js $(sha256sum <lib/tax.js) server.js $(sha256sum <server.js) | sha256sum
    expect(await digestOfFolder(await artifact())).toBe('sha256:48eed34d259eccafbf52447076225c6d0246a72974d11dcc38e59c65ca662438');
  });

  it('is the same for a copy, whatever its times, other mode bits and empty folders', async () => {
    const folder = await artifact();
    const copy = path.join(await temporaryFolder(), 'elsewhere');
    await cp(folder, copy, { recursive: true });
    await mkdir(path.join(copy, 'empty'));
    await chmod(path.join(copy, 'server.js'), 0o600);
    await utimes(path.join(copy, 'server.js'), 1, 1);
    expect(await digestOfFolder(copy)).toBe(await digestOfFolder(folder));
  });

  it.each<[string, (folder: string) => Promise<void>]>([
    ['a byte', (folder) => writeFile(path.join(folder, 'server.js'), 'serve(); \n')],
    ['a new file', (folder) => writeFile(path.join(folder, 'more.js'), '')],
    ['a name', (folder) => rename(path.join(folder, 'server.js'), path.join(folder, 'main.js'))],
    ['a place', (folder) => rename(path.join(folder, 'lib', 'tax.js'), path.join(folder, 'tax.js'))],
    ['an execute bit', (folder) => chmod(path.join(folder, 'server.js'), 0o755)],
  ])('changes with %s', async (_what, change) => {
    const folder = await artifact();
    const before = await digestOfFolder(folder);
    await change(folder);
    expect(await digestOfFolder(folder)).not.toBe(before);
  });

  it('refuses symbolic links, by name', async () => {
    const folder = await artifact();
    await symlink('/etc/hostname', path.join(folder, 'lib', 'host'));
    await expect(digestOfFolder(folder)).rejects.toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining('lib/host') });
  });

  it('refuses relative paths, missing folders and files', async () => {
    const folder = await artifact();
    await expect(digestOfFolder('releases/1.0.0')).rejects.toMatchObject({ code: 'InvalidRequest', message: expect.stringContaining('relative') });
    await expect(digestOfFolder(`${folder}/none`)).rejects.toMatchObject({ code: 'ArtifactMissing', message: expect.stringContaining(`${folder}/none`) });
    await expect(digestOfFolder(`${folder}/server.js/x`)).rejects.toMatchObject({ code: 'ArtifactMissing' });
    await expect(digestOfFolder(`${folder}/server.js`)).rejects.toMatchObject({ code: 'ArtifactMissing' });
  });
});

describe('verifyFolder', () => {
  it('accepts what was shipped and names both digests of what was not', async () => {
    const folder = await artifact();
    const digest = await digestOfFolder(folder);
    await expect(verifyFolder({ path: folder, digest })).resolves.toBeUndefined();
    await writeFile(path.join(folder, 'server.js'), 'changed');
    const failure: unknown = await verifyFolder({ path: folder, digest }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DigestMismatch', retryable: false });
    const { message } = failure as Error;
    for (const part of [folder, digest, await digestOfFolder(folder)]) expect(message).toContain(part);
  });
});
