import type { OverrideRecord } from '../rollout/schema/rollout.js';
import { localDate } from './local-time.js';
import type { TableOptions } from './render-options.js';
import { hanging, printable } from './text-columns.js';

/** Every rule that somebody passed over with a rollout: shown wherever the rollout is, for as long as it is known. */
export const overrideLines = (overrides: OverrideRecord[], { width, colours, timezone }: Omit<TableOptions, 'program'>, indent = '  '): string[] =>
  overrides.flatMap(({ by, at, what, reason }) =>
    hanging(`${indent}! override  `, printable(`${by} passed over ${what}, ${localDate(at, timezone)}: ${reason}`), width).map(colours.yellow));
