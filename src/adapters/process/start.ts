import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { MeridianFailure } from '../../rollout/failure.js';
import { identify, type ProcessIdentity } from './identity.js';
import { markerVariable } from './marker.js';
import type { Launch } from './record.js';
import { makeRegionFolder, type RegionFolder, type RegionPlace } from './region-folder.js';

/**
 * Starts the launch's command in its artifact folder, detached: it leads a process group of its own, writes to the region's log and
 * outlives this process. Returns null when it was over before it could be looked at. Throws `DeployFailed` when it cannot be started.
 */
export async function startProcess(folder: RegionFolder, place: RegionPlace, launch: Launch, artifact: string): Promise<ProcessIdentity | null> {
  const [program, ...args] = launch.command;
  await makeRegionFolder(folder);
  const log = await open(folder.log, 'a', 0o600);
  try {
    await log.write(`--- ${launch.startedAt} ${launch.release.version}\n`);
    const child = spawn(program!, args, {
      cwd: artifact,
      env: environmentOf(folder, place, launch),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    return await identify(child.pid!);
  } catch (error) {
    const why = (error as Error).message;
    throw new MeridianFailure('DeployFailed', `${program} cannot be started in ${artifact}: ${why}. Is it installed and on the worker's PATH?`, { cause: error });
  } finally {
    await log.close();
  }
}

/** Nothing of the worker's own environment but what any program needs: its tokens and NODE_OPTIONS are not the region's. */
function environmentOf(folder: RegionFolder, { environment, region, tenant }: RegionPlace, launch: Launch): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/', LANG = 'C.UTF-8' } = process.env;
  return {
    PATH, HOME, LANG, NODE_ENV: 'production',
    ...launch.release.config,
    ...launch.variables,
    PORT: String(launch.port),
    DATA_DIR: folder.data,
    REGION: region,
    ...(tenant !== undefined && { TENANT: tenant }),
    ENVIRONMENT: environment,
    RELEASE: launch.release.version,
    [markerVariable]: launch.marker,
  };
}
