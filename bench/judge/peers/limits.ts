import { upwards } from './level.js';
import { readingOf, type Reading, type Usual } from './usual.js';
import type { Window } from './windows.js';

/**
 * The fixed limit of a check, as its operator would set it: 1 − objective, its hard limit, else half above what it usually is. `exponent`
 * moves it: 1 leaves it where it is, 0 puts it at what is usual, 2 as far again beyond, so that one number makes every check comparably
 * strict. Null where nobody could set one.
 */
export function limitOf({ check, level }: Usual, exponent: number): number | null {
  const set = check.objective !== undefined ? 1 - check.objective : hardLimit(check);
  if (level === null) return set === null ? null : set * exponent;
  return towards(level, set ?? 1.5 * level, exponent);
}

function hardLimit(check: Usual['check']): number | null {
  const hard = check.max ?? check.min;
  return hard === undefined ? null : upwards(hard, check);
}

/** From what is usual (0) through the limit (1) and on, in logarithms. A limit that is usually broken is moved as if it were not. */
export function towards(usual: number, limit: number, exponent: number): number {
  const from = Math.min(usual, limit / 1.5);
  return limit * (limit / from) ** (exponent - 1);
}

/** What a rule about levels says of one window: within, beyond, or no data. */
export type Measurement = 'good' | 'bad' | 'silent';

/** The rule that a check stays within its fixed limit. A check that has none is never beyond it. */
export const withinLimit =
  (exponent: number) =>
  (window: Window, usual: Usual): Measurement => {
    const limit = limitOf(usual, exponent);
    return limit === null ? 'good' : measured(readingIn(window, usual)?.level, limit);
  };

/** The rule that a check stays within so many times its reference at the same time: half a request more on both sides, so that none can be compared. */
export const withinReference =
  (factor: number) =>
  (window: Window, usual: Usual): Measurement => measured(readingIn(window, usual)?.difference, Math.log(factor));

export type Rule = ReturnType<typeof withinLimit>;

function readingIn({ checks }: Window, usual: Usual): Reading | undefined {
  const look = checks[usual.check.name];
  return look && readingOf(look, usual);
}

const measured = (level: number | undefined, limit: number): Measurement => (level === undefined ? 'silent' : level > limit ? 'bad' : 'good');
