import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.js';
import { limits } from '../limits.js';

export const Duration = z
  .string()
  .max(40)
  .refine((text) => parseDuration(text) !== undefined, 'write a duration as 30s, 45m, 2h, 1d or ISO 8601 (PT1H30M)')
  .refine((text) => (parseDuration(text) ?? 0) <= limits.durationMs, `must be at most ${formatDuration(limits.durationMs)}`)
  .describe('A duration: `30s`, `45m`, `2h`, `1d` or ISO 8601');
export type Duration = z.infer<typeof Duration>;

export const PositiveDuration = Duration.refine((text) => (parseDuration(text) ?? 1) > 0, 'must be longer than nothing');

/** Temporal starts an attempt no finer than about once a second; a shorter interval would promise looks that never happen. */
export const LookInterval = Duration.refine((text) => (parseDuration(text) ?? 1_000) >= 1_000, 'must be at least 1s');
