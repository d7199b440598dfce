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
  const { gate, type, needs, until, approvals = [] } = waiting;
  const name = type === 'freeze' ? `the freeze ${gate}` : gate;
  const yes = approvals.length === 0 ? '' : `, yes so far from ${approvals.map(({ by }) => by).join(', ')}`;
  if (type === 'drained') return `${scopeName(waiting)}: ${needs}`;
  return `${name} in ${scopeName(waiting)}: ${needs}${yes}${until === undefined ? '' : `, ${endOf(waiting)} ${minuteOf(until)}`}`;
}

/** A window opens at its time, a freeze ends at its time, and everything else is waited for until then. */
const endOf = ({ type }: WaitingFor): string => (type === 'window' ? 'opens' : 'until');

/** What a region that is drained needs, in words. */
export const drainNeeds = (reason: string): string => `to take part again, or a skip; it is drained (${reason})`;

/** `2026-11-21 10:00 UTC` of an ISO 8601 time. */
export const minuteOf = (time: string): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
