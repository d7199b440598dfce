import { z } from 'zod';

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const TimeZone = z.string().max(60).refine(isTimeZone, 'use an IANA time zone such as Europe/Berlin');
export type TimeZone = z.infer<typeof TimeZone>;
