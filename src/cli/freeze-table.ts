import type { Freeze, FreezeHold, FreezeScope } from '../rollout/schema/freeze.js';
import { localTime } from './local-time.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable } from './text-columns.js';

/** Freezes as a person reads them: each with everybody who holds it, what for, and until when. */
export function renderFreezes(freezes: Freeze[], options: TableOptions): string {
  if (freezes.length === 0) return 'Nothing is frozen.';
  return freezes.map(({ name, holds }) => [options.colours.bold(name), ...holds.flatMap((hold) => holdLines(hold, options))].join('\n')).join('\n\n');
}

function holdLines({ owner, scope, from, to, reason }: FreezeHold, { width, timezone }: TableOptions): string[] {
  const end = to === null ? 'until somebody lifts it' : `to ${localTime(to, timezone)}`;
  return hanging(`  ${printable(owner)}  `, printable(`${scopeText(scope)}, from ${localTime(from, timezone)} ${end}: ${reason}`), width);
}

function scopeText(scope: FreezeScope): string {
  if (scope === 'all') return 'everything';
  return Object.entries(scope).map(([kind, names]) => `${kind} ${(names ?? []).join(', ')}`).join(' · ');
}
