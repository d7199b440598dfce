import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../rollout/duration.js';

/** Parses `10m` to milliseconds, for an option of a command. */
export function parseDurationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('Write a duration as 30s, 45m, 2h or 1d.');
  return ms;
}
