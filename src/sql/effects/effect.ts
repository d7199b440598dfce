import type { StatementEffect } from '../../rollout/schema/migration.js';
import type { Act } from '../acts/act.js';

/** What one act does; a statement's effect is that of its acts together. */
export type ActEffect = StatementEffect;

export type Effects = Partial<Record<Act['kind'], (act: Act) => ActEffect>>;

type Rest = Partial<Omit<StatementEffect, 'what' | 'lock'>>;

/** A moment under this lock, and another statement takes it back, unless said otherwise. */
export const effect = (what: string, lock: StatementEffect['lock'], rest: Rest = {}): ActEffect =>
  ({ what, lock, isLong: false, rewrites: false, reversible: true, ...rest });

/** For as long as the table is large. */
export const long = { isLong: true } as const;
export const rewriting = { isLong: true, rewrites: true } as const;
export const final = { reversible: false } as const;
