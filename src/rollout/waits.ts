import type { ActiveFreeze } from './freezes.js';
import type { GatePlace } from './gates.js';
import { placeKey } from './places.js';
import type { WaitingFor } from './schema/rollout.js';

/** Where something waits: `production`, `wave 2 of production`, `production/sydney`, `production/sydney/acme`. */
export function scopeName({ environment, wave, region, tenant }: GatePlace): string {
  if (region !== undefined) return placeKey({ environment, region, tenant });
  return wave === undefined ? environment : `wave ${wave} of ${environment}`;
}

/** One thing that a rollout waits for, in words: what, where, and until when. */
export function waitText(waiting: WaitingFor): string {
  const where = scopeName(waiting);
  const what = `${waiting.needs}${yesSoFar(waiting)}${untilText(waiting)}`;
  if (waiting.type === 'drained') return `${where}: ${what}`;
  return `${waiting.type === 'freeze' ? `the end of the freeze ${waiting.gate}` : waiting.gate} in ${where}: ${what}`;
}

const yesSoFar = ({ approvals = [] }: WaitingFor): string => (approvals.length === 0 ? '' : `, so far ${approvals.map(({ by }) => by).join(' and ')}`);

/** A window opens by itself at its time, a freeze ends at its time or by a person, and everything else is waited for until then. */
function untilText({ type, until }: WaitingFor): string {
  if (until === undefined) return type === 'freeze' ? ', until it is lifted' : '';
  return `, ${type === 'window' ? 'opens at' : 'until'} ${minuteOf(until)}`;
}

/** What a region needs that is drained, in words. */
export const drainNeeds = (reason: string): string => `drained (${reason}), until it takes part again or somebody skips it`;

/** What a place needs while a freeze is in force there, in words. */
export const freezeNeeds = ({ owners, reason }: Pick<ActiveFreeze, 'owners' | 'reason'>): string => `held by ${owners.join(' and ')} (${reason})`;

/** `2026-11-21 10:00 UTC` of an ISO 8601 time. */
export const minuteOf = (time: string): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
