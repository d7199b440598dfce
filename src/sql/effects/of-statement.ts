import { TableLock, type StatementEffect } from '../../rollout/schema/migration.js';
import type { Act } from '../acts/act.js';
import { alterationEffects } from './of-alterations.js';
import { columnEffects } from './of-columns.js';
import { creationEffects } from './of-creations.js';
import { dataEffects } from './of-data.js';
import { removalEffects } from './of-removals.js';
import { tableEffects } from './of-tables.js';
import type { ActEffect, Effects } from './effect.js';

const known: Effects = { ...creationEffects, ...removalEffects, ...alterationEffects, ...dataEffects, ...columnEffects, ...tableEffects };

/** What an act does; undefined for a kind that nobody has described here: it is refused. */
export const effectOf = (act: Act): ActEffect | undefined => known[act.kind]?.(act);

/** Nobody waits for a table that nobody knows yet. */
export const onOwnTable = (found: ActEffect): ActEffect => ({ ...found, lock: 'none', isLong: false, rewrites: false, reversible: true });

/** The acts of one statement, together: its strongest lock is held until its end. */
export const together = (acts: ActEffect[]): StatementEffect => ({
  what: shortened(acts.map(({ what }) => what).join('; ')),
  lock: TableLock.options[Math.max(...acts.map(({ lock }) => TableLock.options.indexOf(lock)))] ?? 'none',
  isLong: acts.some(({ isLong }) => isLong),
  rewrites: acts.some(({ rewrites }) => rewrites),
  reversible: acts.every(({ reversible }) => reversible),
});

const longest = 300;
const shortened = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 2)} …`);
