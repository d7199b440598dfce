import { placeKey, type Place } from '../places.js';

/** `<environment>/<region>[/<tenant>]` → how long the last deploys took there (ms), newest last. */
export type DeployTimes = Record<string, number[]>;

/** Enough for a middle value that one slow deploy does not move. */
const kept = 5;

/** The times with that of a deploy which has just ended, when it is known. */
export function noteDeploy(times: DeployTimes, deploy: Place & { deployMs?: number | undefined }): DeployTimes {
  if (deploy.deployMs === undefined) return times;
  const key = placeKey(deploy);
  return { ...times, [key]: [...(times[key] ?? []), deploy.deployMs].slice(-kept) };
}
