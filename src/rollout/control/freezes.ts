import { MeridianFailure } from '../failure.js';
import { jsonBytes } from '../json-bytes.js';
import { limits } from '../limits.js';
import type { Place } from '../places.js';
import type { Freeze, FreezeHold, FreezeRequest, FreezeScope } from '../schema/freeze.js';

/** A freeze that is in force in one place. */
export interface ActiveFreeze {
  name: string;
  /** Of those who hold it there now, each once. */
  reason: string;
  owners: string[];
  /** When it ends there by itself (ISO 8601); null while somebody holds it without an end. */
  until: string | null;
}

/** Where something wants to start. */
export type FrozenPlace = Place & { pipeline: string };

/** The freezes that keep anything new from starting in this place at this moment (ms). */
export const freezesAt = (freezes: Freeze[], place: FrozenPlace, atMs: number): ActiveFreeze[] =>
  freezes.flatMap(({ name, holds }) => {
    const here = holds.filter(({ scope }) => covers(scope, place));
    const active = here.filter((hold) => isInForce(hold, atMs));
    return active.length === 0 ? [] : [{ name, reason: distinct(active.map(({ reason }) => reason)).join('; '), owners: active.map(({ owner }) => owner), until: endOf(here, atMs) }];
  });

/** The next moment (ms) after `atMs` at which a hold on this place begins or ends; null when none does. */
export function nextFreezeChange(freezes: Freeze[], place: FrozenPlace, atMs: number): number | null {
  const holds = freezes.flatMap((freeze) => freeze.holds).filter(({ scope }) => covers(scope, place));
  const later = holds.flatMap((hold) => [fromMs(hold), toMs(hold)]).filter((ms) => ms > atMs && ms < Infinity);
  return later.length === 0 ? null : Math.min(...later);
}

const fromMs = ({ from }: FreezeHold): number => Date.parse(from);
const toMs = ({ to }: FreezeHold): number => (to === null ? Infinity : Date.parse(to));

const isInForce = (hold: FreezeHold, atMs: number): boolean => fromMs(hold) <= atMs && atMs < toMs(hold);

const distinct = (texts: string[]): string[] => [...new Set(texts)];

/** When holds that follow each other without a gap have all ended; null when one of them has no end. */
function endOf(holds: FreezeHold[], atMs: number): string | null {
  let endMs = atMs;
  for (const hold of holds.toSorted((a, b) => fromMs(a) - fromMs(b))) {
    if (fromMs(hold) <= endMs) endMs = Math.max(endMs, toMs(hold));
  }
  return endMs === Infinity ? null : new Date(endMs).toISOString();
}

/** A place is covered when it is in every list that the scope gives. One without a tenant is in no list of tenants. */
function covers(scope: FreezeScope, { pipeline, environment, region, tenant }: FrozenPlace): boolean {
  if (scope === 'all') return true;
  const { pipelines, environments, regions, tenants } = scope;
  return has(pipelines, pipeline) && has(environments, environment) && has(regions, region) && has(tenants, tenant);
}

const has = (list: string[] | undefined, name: string | undefined): boolean => list === undefined || (name !== undefined && list.includes(name));

/** True when a hold of this freeze can cover a place of the pipeline, now or later. */
export const mayConcern = ({ holds }: Freeze, pipeline: string): boolean =>
  holds.some(({ scope }) => scope === 'all' || has(scope.pipelines, pipeline));

/**
 * The freezes with the hold of `request.owner` (or `by`) on this one: it replaces the same owner's hold, and leaves those of others alone.
 * `now` is ISO 8601. Throws `InvalidRequest` when the hold would end before it begins, or when there are too many.
 */
export function holdFreeze(freezes: Freeze[], { name, request, by }: { name: string; request: FreezeRequest; by: string }, now: string): Freeze[] {
  const { owner = by, scope, reason, from = now, to } = request;
  const hold: FreezeHold = { owner, scope, reason, by, at: now, from: utc(from), to: to === undefined ? null : utc(to) };
  if (toMs(hold) <= fromMs(hold) || toMs(hold) <= Date.parse(now)) {
    throw new MeridianFailure('InvalidRequest', `The freeze ${name} would end at ${hold.to}, before it begins. Give a later "to", or none to hold it until it is lifted.`);
  }
  const known = freezes.find((freeze) => freeze.name === name);
  const held: Freeze = { name, holds: [...(known?.holds ?? []).filter((each) => each.owner !== owner), hold] };
  const all = known ? freezes.map((freeze) => (freeze === known ? held : freeze)) : [...freezes, held];
  const count = all.flatMap(({ holds }) => holds).length;
  const bytes = jsonBytes(all);
  if (count > limits.freezes || bytes > limits.freezeBytes) {
    throw new MeridianFailure('InvalidRequest', `With this hold all freezes would have ${count} holds in ${bytes} bytes; kept are at most ${limits.freezes} in ${limits.freezeBytes}. `
      + 'Lift one that is not needed any more, or give a shorter scope or reason.');
  }
  return all;
}

const utc = (time: string): string => new Date(time).toISOString();

/** The freezes without the owner's hold on this one; without all of its holds for `*`. Throws `FreezeNotFound` when there is no such hold. */
export function liftFreeze(freezes: Freeze[], { name, owner }: { name: string; owner: string }): Freeze[] {
  const freeze = freezes.find((each) => each.name === name);
  if (freeze === undefined) throw new MeridianFailure('FreezeNotFound', `There is no freeze ${name}; there are: ${freezes.map((each) => each.name).join(', ') || 'none'}.`);
  const left = owner === '*' ? [] : freeze.holds.filter((hold) => hold.owner !== owner);
  if (left.length === freeze.holds.length) {
    throw new MeridianFailure('FreezeNotFound', `${owner} does not hold the freeze ${name}; held by ${freeze.holds.map((hold) => hold.owner).join(', ')}.`);
  }
  return freezes.flatMap((each) => (each !== freeze ? [each] : heldBy(name, left)));
}

/** The freezes without the holds that are over at `atMs`. */
export const pruneFreezes = (freezes: Freeze[], atMs: number): Freeze[] =>
  freezes.flatMap(({ name, holds }) => heldBy(name, holds.filter((hold) => atMs < toMs(hold))));

/** A freeze lasts while anybody holds it. */
const heldBy = (name: string, holds: FreezeHold[]): Freeze[] => (holds.length === 0 ? [] : [{ name, holds }]);
