import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Release } from '../../../src/rollout/schema/release.js';
import { advance, contract, end, fail, redocument, revoke, rollBack, ship, type Play, type Rollout, type Work } from './schema-moves.js';
import { rules, spoilt, type Rules } from './schema-rules.js';
import { migrationNames, misfits, newWorld, places } from './schema-world.js';

// Several places, in two environments, with databases of their own or shared; releases that use any new shapes and are free of any old ones; and
// everything that may happen to them, half-way too, as far as the rules let it. After every step each place runs what its schema has.

const minute = 60_000;
const names = fc.subarray(migrationNames);
const wild = fc.array(fc.record({ migrations: names, freeOf: names }), { minLength: 4, maxLength: 4 });
/** As a team writes them: what uses the new shape, then what no longer needs the old one, one migration after the other. */
const tame = [
  { migrations: ['m1'], freeOf: [] }, { migrations: ['m1', 'm2'], freeOf: ['m1'] }, { migrations: ['m1', 'm2'], freeOf: ['m1', 'm2'] }, { migrations: migrationNames, freeOf: ['m1', 'm2'] },
];
const story = fc.record({
  codes: fc.oneof(wild, fc.constant(tame)),
  shares: fc.oneof(fc.constant([0, 0, 0]), fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2))),
  isEmpty: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  events: fc.array(fc.record({
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constant('advance' as const) }, { weight: 3, arbitrary: fc.constant('finish' as const) }, { weight: 4, arbitrary: fc.constant('ship' as const) },
      { weight: 4, arbitrary: fc.constant('everywhere' as const) }, { weight: 4, arbitrary: fc.constant('contract' as const) }, { weight: 2, arbitrary: fc.constantFrom('fail' as const, 'rollback' as const, 'revoke' as const, 'document' as const, 'end' as const) },
    ),
    which: fc.nat(999),
    isOther: fc.boolean(),
  }), { minLength: 10, maxLength: 50, size: 'max' }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

const releasesOf = ({ codes }: Story): Release[] => [{ version: 'r0' }, ...codes.map((each, index) => ({ version: `r${index + 1}`, ...each }))];

function play(told: Story, changed: Partial<Rules> = {}): { broken: string[]; seen: string[] } {
  const releases = releasesOf(told);
  const played: Play = { world: newWorld(releases, [...told.shares], [...told.isEmpty]), rules: { ...rules, ...changed }, rollouts: [], next: 1, seen: [] };
  for (const event of told.events) {
    for (const step of stepsOf(played, releases, event)) {
      step();
      const broken = misfits(played.world);
      if (broken.length > 0) return { broken, seen: played.seen };
    }
  }
  return { broken: [], seen: played.seen };
}

/** What an event does, a step at a time. */
function stepsOf(played: Play, releases: Release[], { kind, which, isOther }: Story['events'][number]): (() => void)[] {
  const release = releases[which % releases.length]!;
  const rollout = played.rollouts[which % Math.max(1, played.rollouts.length)];
  const atWork = (step: (rollout: Rollout, work: Work) => void): (() => void)[] => (rollout === undefined ? [] : [() => step(rollout, rollout.works[which % rollout.works.length]!)]);
  switch (kind) {
    case 'ship': return [() => ship(played, release, isOther ? someOfProduction(which) : places.slice(0, 1))];
    case 'everywhere': return everywhere(played, release);
    case 'contract': return [() => (played.world.nowMs += 90 * minute), () => contract(played)];
    case 'revoke': return [() => revoke(played, places[which % places.length]!)];
    case 'document': return [() => redocument(played, isOther)];
    case 'advance': return atWork((found, work) => advance(played, found, work));
    case 'fail': return atWork((found, work) => fail(played, found, work, isOther));
    case 'rollback': return atWork(rollBack);
    case 'end': return atWork((found) => end(played, found));
    case 'finish': return rollout === undefined ? [] : finish(played, rollout);
  }
}

const someOfProduction = (which: number) => places.slice(1).filter((_, index) => Math.floor(which / 16) % 3 !== index);

/** More than a place has steps. */
const finish = (played: Play, rollout: Rollout): (() => void)[] =>
  [...rollout.works.flatMap((work) => Array.from({ length: 6 }, () => () => advance(played, rollout, work))), () => end(played, rollout)];

/** What is under way comes to its end, and a release goes through both environments. */
const everywhere = (played: Play, release: Release): (() => void)[] =>
  [() => undefined, () => ship(played, release, places.slice(0, 1)), () => ship(played, release, places.slice(1))]
    .map((begin) => () => {
      begin();
      for (const rollout of played.rollouts) for (const step of finish(played, rollout)) step();
    });

/** What takes a rare turn of events is found sooner from here. */
const quickSeeds: Record<string, number> = { 'an undo puts back what fits': 4, 'the new shape has to be whole': 7 };

describe('whatever happens to releases and schemas', () => {
  it('no region ever runs a release outside its schema’s compatible set', { timeout: 300_000 }, () => {
    const seen = new Map<string, number>();
    fc.assert(fc.property(story, (told) => {
      const { broken, seen: happened } = play(told);
      for (const what of happened) seen.set(what, (seen.get(what) ?? 0) + 1);
      expect(broken).toEqual([]);
    }), { numRuns: 12_000, seed: 6 });
    // Not because nothing happens.
    for (const what of ['ship soaking', 'contract contracted', 'undo deploy', 'undo expand', 'undo contract', 'kept']) expect([what, (seen.get(what) ?? 0) > 100]).toEqual([what, true]);
  });

  it.each(Object.entries(spoilt))('one would, if the rules did not say that %s', { timeout: 300_000 }, (rule, changed) => {
    const found = fc.check(fc.property(story, (told) => play(told, changed).broken.length === 0), { numRuns: 3_000, seed: quickSeeds[rule] ?? 1, endOnFailure: true });
    expect(found.failed).toBe(true);
  });
});
