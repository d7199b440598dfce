import os from 'node:os';

/** Who acts, for the record: what was given (`--user` or MERIDIAN_USER), otherwise the user of the operating system. */
export function userName(given: string | undefined): string {
  if (given) return given;
  try {
    return os.userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
