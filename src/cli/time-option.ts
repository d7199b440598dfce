import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const TimeWithOffset = z.iso.datetime({ offset: true });

/** Checks a time for an option of a command. Without an offset nobody could say which moment is meant. */
export function parseTimeOption(text: string): string {
  if (!TimeWithOffset.safeParse(text).success) {
    throw new InvalidArgumentError('Write a time with its offset: 2026-11-22T01:00:00Z, or 2026-11-22T02:00:00+01:00.');
  }
  return text;
}
