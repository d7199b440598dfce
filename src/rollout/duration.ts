const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const short = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** `30s`, `45m`, `2h`, `1d` or ISO 8601 (`PT1H30M`) in milliseconds; `undefined` when the text is neither. */
export function parseDuration(text: string): number | undefined {
  const simple = short.exec(text);
  if (simple) return Math.round(Number(simple[1]) * unitMs[simple[2]!]!);
  const parts = iso.exec(text);
  if (!parts || text.endsWith('P') || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return Math.round(days! * unitMs.d! + hours! * unitMs.h! + minutes! * unitMs.m! + seconds! * unitMs.s!);
}

/** Milliseconds of a duration that a schema has already accepted. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new RangeError(`not a duration: ${text}`);
  return ms;
}

/** Milliseconds as a person writes them: `12s`, `4m 30s`, `2h`, `1d 6h`. At most two units, rounded down. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return ms < 1 ? '0s' : `${Math.floor(ms)}ms`;
  const units: [string, number][] = [['d', unitMs.d!], ['h', unitMs.h!], ['m', unitMs.m!], ['s', unitMs.s!]];
  const first = units.findIndex(([, size]) => ms >= size);
  let rest = ms;
  const parts = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? `${count}${name}` : '';
  });
  return parts.filter(Boolean).join(' ');
}
