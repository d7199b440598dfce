import { didYouMean } from '../rollout/nearest-name.js';
import type { ScheduleRequest } from '../rollout/schema/schedule.js';
import type { RequestError } from './problems.js';

/** Environments that a schedule names and its pipeline does not have: every time of it would come to nothing. */
export const scheduleErrors = ({ to, release }: ScheduleRequest, environments: string[]): RequestError[] =>
  [
    ...unknownEnvironment('/to', to, environments),
    ...unknownEnvironment('/release/verifiedIn', 'verifiedIn' in release ? release.verifiedIn : undefined, environments),
  ];

function unknownEnvironment(pointer: string, name: string | undefined, known: string[]): RequestError[] {
  if (name === undefined || known.includes(name)) return [];
  return [{ in: 'body', pointer, detail: `allowed: ${known.join(', ')}; got "${name}".${didYouMean(name, known)}` }];
}
