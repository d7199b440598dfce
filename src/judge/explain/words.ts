/** Numbers and times as a person reads them. Written by hand and not with Intl: the same everywhere. */

/** At least two significant digits, and every digit before the point: `0.95`, `120`, `2.3`. */
export function figure(value: number, digits = 2): string {
  if (Math.abs(value) >= 10_000) return count(value);
  const whole = Math.abs(value) >= 1 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0;
  return String(Number(value.toPrecision(Math.min(15, Math.max(digits, whole)))));
}

/** A count with thousands separators: `1,204`. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `0.12 %`. */
export const percent = (share: number): string => `${figure(share * 100)} %`;

/** Odds from a logarithm: `3400 : 1`, `1 : 25`, `more than a billion : 1`. */
export function odds(logE: number): string {
  if (logE > Math.log(1e9)) return 'more than a billion : 1';
  if (logE < -Math.log(1e9)) return '1 : more than a billion';
  return logE >= 0 ? `${figure(Math.exp(logE))} : 1` : `1 : ${figure(Math.exp(-logE))}`;
}

/** `90 s`, `2 min`, `3.5 h`. */
export function time(seconds: number): string {
  if (seconds < 120) return `${figure(seconds)} s`;
  return seconds < 7_200 ? `${figure(seconds / 60)} min` : `${figure(seconds / 3_600)} h`;
}

/** `sydney`, `sydney and frankfurt`, `sydney, frankfurt and virginia`. */
export const listed = (names: string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
