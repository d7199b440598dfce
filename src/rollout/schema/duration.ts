import { z } from 'zod';
import { parseDuration } from '../duration.js';

export const Duration = z
  .string()
  .max(40)
  .refine((text) => parseDuration(text) !== undefined, 'write a duration as 30s, 45m, 2h, 1d or ISO 8601 (PT1H30M)')
  .describe('A duration: `30s`, `45m`, `2h`, `1d` or ISO 8601');
export type Duration = z.infer<typeof Duration>;

export const PositiveDuration = Duration.refine((text) => (parseDuration(text) ?? 1) > 0, 'must be longer than nothing');
