/**
 * Numbers as a person reads them in an explanation. Written by hand and not with Intl: the judge runs inside workflows,
 * where the answer must not depend on the version of ICU.
 */

/** A count with thousands separators: `1,204`. Extrapolated increments are rounded. */
export const formatCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

/** A share against its limit, `['3.9 %', '1 %']`: with as many digits as it takes to tell the two apart. */
export const formatShares = (observed: number, limit: number): [string, string] =>
  apart(observed * 100, limit * 100).map((percent) => `${percent} %`) as [string, string];

/** A value against its bound, `['0.95', '0.9']`: with as many digits as it takes to tell the two apart. */
export const formatValues = (observed: number, limit: number): [string, string] => apart(observed, limit);

function apart(left: number, right: number): [string, string] {
  for (let digits = 2; digits < 15; digits++) {
    const pair: [string, string] = [rounded(left, digits), rounded(right, digits)];
    if (pair[0] !== pair[1] || left === right) return pair;
  }
  return [String(left), String(right)];
}

/** At least `digits` significant digits, and every digit before the point. */
function rounded(value: number, digits: number): string {
  const whole = Math.abs(value) >= 1 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0;
  return String(Number(value.toPrecision(Math.min(15, Math.max(digits, whole + (whole > 1 ? 1 : 0))))));
}
