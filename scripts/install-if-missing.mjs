// Before `npm start` and `npm test`: installs the locked dependencies when they are missing, or older than the lock file. It runs
// without any dependency, because there may be none.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Milliseconds since the epoch, 0 for what is not there. */
const changedAt = (name) => statSync(path.join(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file at the end of a whole installation: half of one is noticed.
const installedAt = changedAt('node_modules/.package-lock.json');

if (installedAt === 0 || installedAt < changedAt('package-lock.json')) {
  console.log('Installing the locked dependencies: about half a minute.');
  const { status, error } = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) console.error(`npm could not be started: ${error.message}`);
  process.exitCode = status ?? 1;
}
