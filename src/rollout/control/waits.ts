import type { GatePlace } from './gates.js';
import { listNames } from '../list-names.js';
import { placeKey } from '../places.js';
import type { WaitingFor } from '../schema/rollout.js';

/** Where something waits: `production`, `wave 2 of production`, `production/sydney`, `production/sydney/acme`. */
export function scopeName({ environment, wave, region, tenant }: GatePlace): string {
  if (region !== undefined) return placeKey({ environment, region, tenant });
  return wave === undefined ? environment : `wave ${wave} of ${environment}`;
}

/** Places that wait for the same thing until the same time, together. */
export function groupWaits(waitingFor: WaitingFor[]): WaitingFor[][] {
  const groups = new Map<string, WaitingFor[]>();
  for (const waiting of waitingFor) {
    const { type, gate, environment, wave, until, needs, approvals } = waiting;
    const key = JSON.stringify([type, gate, environment, wave, until, needs, approvals]);
    groups.set(key, [...(groups.get(key) ?? []), waiting]);
  }
  return [...groups.values()];
}

/** Everything that a rollout waits for, in words: what, where, and until when. The first three things, and the number of the others. */
export function waitsText(waitingFor: WaitingFor[]): string {
  const texts = groupWaits(waitingFor).map(groupText);
  return [...texts.slice(0, 3), ...(texts.length > 3 ? [`${texts.length - 3} more`] : [])].join('; and for ');
}

function groupText(group: WaitingFor[]): string {
  const [first] = group as [WaitingFor];
  const where = listNames(group.map(scopeName));
  const what = `${first.needs}${yesSoFar(first)}${untilText(first)}`;
  if (first.type === 'drained') return `${where}: ${what}`;
  if (first.type === 'soak') return `the soak of ${where}: ${what}`;
  return `${first.type === 'freeze' ? `the freeze ${first.gate}` : first.gate} in ${where}: ${what}`;
}

const yesSoFar = ({ approvals = [] }: WaitingFor): string => (approvals.length === 0 ? '' : `, so far ${listNames(approvals.map(({ by }) => by))}`);

/** A window opens at its time by itself; everything else is waited for until then. */
const untilText = ({ type, until }: WaitingFor): string =>
  until === undefined ? '' : `, ${type === 'window' ? 'opens at' : 'until'} ${minuteOf(until)}`;

/** `2026-11-21 10:00 UTC` of an ISO 8601 time. */
export const minuteOf = (time: string): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
