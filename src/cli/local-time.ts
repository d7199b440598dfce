/** Times as a person reads them: in the time zone of that person, `timezone`, as IANA names it. The times themselves are ISO 8601. */

/** `Sat 21 Nov 15:04` */
export function localTime(time: string | number, timezone: string): string {
  const { weekday, day, month, hour, minute } = partsOf(time, timezone);
  return `${weekday} ${day} ${month} ${hour}:${minute}`;
}

/** `21 Nov 2026 15:04`: for what is shown for ever. */
export function localDate(time: string, timezone: string): string {
  const { day, month, year, hour, minute } = partsOf(time, timezone);
  return `${day} ${month} ${year} ${hour}:${minute}`;
}

/** `Sat 21 Nov 15:04 – 15:44`; the day again only where it is another one. */
export function localSpan(start: string, end: string, timezone: string): string {
  const [from, to] = [localTime(start, timezone), localTime(end, timezone)];
  const isOneDay = from.slice(0, -5) === to.slice(0, -5);
  return `${from} – ${isOneDay ? to.slice(-5) : to}`;
}

type Parts = Record<'weekday' | 'day' | 'month' | 'year' | 'hour' | 'minute', string>;

/** Only the parts come from Intl: the order and the commas of a locale differ between versions of Node. */
function partsOf(time: string | number, timezone: string): Parts {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(new Date(time)).map(({ type, value }) => [type, value])) as Parts;
}
