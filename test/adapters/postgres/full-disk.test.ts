import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';
import { known, listener, never, newRegion, stepOf } from './region-database.js';

/** A disk of 8 MB; undefined where this process may not mount one (another user than root, another system than Linux). */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'meridian-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const disk = mountDisk();
let server: TestPostgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  if (disk === undefined) return;
  execFileSync('/bin/umount', [disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(disk === undefined)('a disk that is full (skipped where no small file system can be mounted: it takes root)', () => {
  it('fails the statement, which is tried again and goes on where it was once there is room', async () => {
    const { uid, gid } = statSync(path.join(server.folder, 'data'));
    chownSync(disk!, uid, gid);
    chmodSync(disk!, 0o700);
    const region = await newRegion(server);
    await region.ask(`create tablespace small location '${disk!}'`);
    await region.ask("create table filler tablespace small as select repeat(md5(n::text), 30) from generate_series(1, 5000) as n");
    const migration = known({
      name: 'wide',
      expand: {
        up: "alter table customers add label text; create table wide tablespace small as select repeat(md5(n::text), 30) as it from generate_series(1, 5000) as n",
        down: 'drop table if exists wide; alter table customers drop column if exists label',
      },
    });
    await expect(region.database.expand(stepOf([migration]), listener(), never)).rejects.toMatchObject({
      code: 'MigrationFailed', retryable: true, message: expect.stringMatching(/statement 2 of 2.*No space left on device.*\(53100\).*Make room; it is tried again, and goes on where it was/),
    });
    expect(await region.database.schema(stepOf([]), never)).toEqual({ wide: 'expanding' });
    await region.ask('drop table filler');
    expect(await region.database.expand(stepOf([migration]), listener(), never)).toEqual({ wide: 'expanded' });
  });
});
