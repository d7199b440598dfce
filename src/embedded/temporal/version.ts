import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Update-with-start is generally available from this server on. */
const oldestServer = '1.28';

/**
 * Runs `<path> --version`: the version of the server inside, for example `1.29.1`. Throws an Error that says why the file
 * cannot be used. The server's version counts: a CLI that was built from source calls itself 0.0.0-DEV.
 */
export async function serverVersion(path: string, signal?: AbortSignal): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 10_000, ...(signal && { signal }) });
  const version = /^temporal version .*\bServer (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`it is no Temporal CLI: --version answered ${JSON.stringify(stdout.slice(0, 100))}`);
  if (isOlder(version, oldestServer)) throw new Error(`its server is ${version}, and ${oldestServer} or later is needed`);
  return version;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
