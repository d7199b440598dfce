import { expect, it } from 'vitest';
import { toExpand } from '../../../src/rollout/migrations/compatible.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { advance, contract, end, fail, revoke, rollBack, ship, type Play } from './schema-moves.js';
import { rules, type Rules } from './schema-rules.js';
import { misfits, newWorld, places } from './schema-world.js';

// Two rare turns of events where several places share one database, and the rule that each needs.

const [staging, frankfurt, virginia] = places as [typeof places[0], typeof places[0], typeof places[0]];
const old: Release = { version: 'r0' };
const both: Release = { version: 'r1', migrations: ['m1'] };
const free: Release = { version: 'r2', migrations: ['m1'], freeOf: ['m1'] };
/** It names nothing that would be expanded before it. */
const free2: Release = { version: 'r3', freeOf: ['m1'] };

const begin = (changed: Partial<Rules>): Play =>
  ({ world: newWorld([old, both, free, free2], [0, 0, 0], [false, false, false]), rules: { ...rules, ...changed }, rollouts: [], next: 1, seen: [] });

/** The newest rollout goes so many steps in each of its places, or as many as there are. */
function go(play: Play, steps = 8): void {
  const rollout = play.rollouts.at(-1)!;
  for (const work of rollout.works) for (let step = 0; step < steps; step++) advance(play, rollout, work);
}

function shipped(play: Play, release: Release, ...to: typeof places): void {
  ship(play, release, to);
  go(play);
  end(play, play.rollouts.at(-1)!);
}

it.each([['keeps', {}, 0], ['would lose, if it did not claim what it found expanded,', { claims: toExpand }, 1]])(
  'a region %s the shape that it uses when the rollout which brought it to the shared database goes back', (_what, changed, broken) => {
    const play = begin(changed);
    ship(play, both, [staging]);
    go(play, 4);
    const [first] = play.rollouts;
    shipped(play, old, frankfurt);
    shipped(play, both, frankfurt);
    rollBack(first!);
    for (let step = 0; step < 8; step++) advance(play, first!, first!.works[0]!);
    expect(misfits(play.world)).toHaveLength(broken);
    expect(play.world.runs).toMatchObject({ 'staging/sydney': old, 'production/frankfurt': both });
  });

it.each([['finds', {}, 0], ['would miss, if nobody had said what the database answered,', { tellsAnswers: false }, 1]])(
  'an undo %s that another region has contracted the shared database', (_what, changed, broken) => {
    const play = begin(changed);
    for (const release of [both, free]) {
      shipped(play, release, staging);
      shipped(play, release, frankfurt, virginia);
    }
    play.world.nowMs += 7_200_000;
    contract(play);
    const [contracting] = play.rollouts;
    for (const work of contracting!.works.slice(0, 2)) for (let step = 0; step < 3; step++) advance(play, contracting!, work);
    end(play, contracting!);
    revoke(play, virginia);
    ship(play, free2, [virginia]);
    go(play, 3);
    const [shipping] = play.rollouts;
    fail(play, shipping!, shipping!.works[0]!, false);
    go(play);
    expect(misfits(play.world)).toHaveLength(broken);
    expect(play.world.databases[0]!.phases).toEqual({ m1: 'contracted' });
  });
