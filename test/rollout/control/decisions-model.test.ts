import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decisionKinds } from '../../../src/rollout/control/decision-kinds.js';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import type { Decision, DecisionKind } from '../../../src/rollout/schema/decision.js';
import { isTerminal, rolloutStatuses } from '../../../src/rollout/states/statuses.js';
import { decide, happen, mayHappen, plan, regionNames, scheduled, waitNames, type Happening, type Played } from './played-rollout.js';
import { RolloutModel } from './rollout-model.js';

interface Real {
  played: Played;
}

/** A person decides something, sensible or not. */
class Decide implements fc.Command<RolloutModel, Real> {
  constructor(readonly kind: DecisionKind, readonly decision: Decision) {}
  check = (): boolean => true;

  run(model: RolloutModel, real: Real): void {
    const expected = model.refusalOf(this.kind, this.decision);
    const { played, code } = tryToDecide(real.played, this.kind, this.decision);
    assert.equal(code, expected);
    if (expected === undefined) model.take(this.kind, this.decision);
    looksAlike(model, Object.assign(real, { played }));
  }

  toString = (): string => `${this.kind} ${JSON.stringify(this.decision)}`;
}

/** Something happens to the rollout, where it can. */
class Happen implements fc.Command<RolloutModel, Real> {
  constructor(readonly happening: Happening) {}
  check = (): boolean => true;

  run(model: RolloutModel, real: Real): void {
    if (!mayHappen(real.played, this.happening)) return;
    model.meet(this.happening);
    looksAlike(model, Object.assign(real, { played: happen(real.played, this.happening) }));
  }

  toString = (): string => Object.values(this.happening).join(' ');
}

function tryToDecide(played: Played, kind: DecisionKind, decision: Decision): { played: Played; code?: string } {
  try {
    return { played: decide(played, kind, decision) };
  } catch (error) {
    return { played, code: (error as MeridianFailure).code };
  }
}

/** By `assert`, here and above: it is asked some hundred thousand times, and `expect` takes its time. */
function looksAlike(model: RolloutModel, { played }: Real): void {
  assert.equal(played.status, model.status);
  assert.equal(played.goal, model.goal);
  assert.equal(String(played.waitingFor.map(({ gate }) => gate).toSorted()), String([...model.waits].toSorted()));
}

const roles: Record<string, string[]> = { ana: ['sre', 'admin'], ben: ['sre'], cem: ['*'], dee: [] };
const seldom = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
const decisions = fc.record({
  by: fc.constantFrom(...Object.keys(roles)),
  reason: fc.constantFrom('because', 'because', 'because', undefined),
  gate: seldom(...waitNames, 'nonsense'),
  region: seldom(...regionNames),
  plan: seldom(plan, 'b'.repeat(64)),
}).map(({ by, ...given }): Decision => ({ by, roles: roles[by]!, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }));

const happenings: Happening[] = [
  ...(['due', 'admit', 'preflight-failed', 'supersede', 'finished', 'all-back'] as const).map((what) => ({ what })),
  ...(['arrives', 'opens', 'expires'] as const).flatMap((what) => waitNames.map((wait) => ({ what, wait }))),
  ...(['starts', 'lives', 'rehearses', 'rehearsed', 'fails', 'sticks', 'goes-back', 'closed-by-hand'] as const).flatMap((what) => regionNames.map((region) => ({ what, region }))),
];

/** A story that ends at once has little to tell: what ends a rollout is rarer than what leads on. */
const weighted = <T>(all: readonly T[], ends: (each: T) => boolean) =>
  fc.oneof(...all.map((each) => ({ arbitrary: fc.constant(each), weight: ends(each) ? 1 : 8 })));
const kinds = weighted(decisionKinds, (kind) => kind === 'abort' || kind === 'rollback' || kind === 'reject');
const happens = weighted(happenings, ({ what }) => ['preflight-failed', 'supersede'].includes(what));

const commands = fc.commands(
  [
    fc.tuple(kinds, decisions).map(([kind, decision]) => new Decide(kind, decision)),
    happens.map((happening) => new Happen(happening)),
    happens.map((happening) => new Happen(happening)),
  ],
  { maxCommands: 120, size: 'max' },
);

/** A rollout that is scheduled, and one that has just begun. */
function begin(hasBegun: boolean): { model: RolloutModel; real: Real } {
  const start = { model: new RolloutModel(), real: { played: scheduled } };
  if (hasBegun) for (const what of ['due', 'admit'] as const) new Happen({ what }).run(start.model, start.real);
  return start;
}

/** The next step of somebody who wants it to end, whatever becomes of the release. */
function giveUp(played: Played): Played {
  const stuck = played.regions.find(({ status }) => status === 'stuck');
  if (stuck) return decide(played, 'skip', { ...person, region: stuck.region });
  const undone = regionNames.flatMap((region) => (['goes-back', 'rehearsed'] as const).map((what) => ({ what, region }))).find((each) => mayHappen(played, each));
  if (undone) return happen(played, undone);
  return played.goal === undefined ? decide(played, 'abort', person) : happen(played, { what: 'all-back' });
}

const person: Decision = { by: 'cem', roles: ['*'], reason: 'enough' };

/** Ways to get on, as a patient person and a world that does its part would go them: the first that is open is taken. */
const waysOn: ((played: Played) => Played | undefined)[] = [
  ...regionNames.map((region) => (played: Played) => tryToDecide(played, 'retry', { ...person, region }).played),
  ...regionNames.flatMap((region) => [ifItMay({ what: 'goes-back', region }), ifItMay({ what: 'rehearsed', region })]),
  (played) => tryToDecide(played, 'resume', person).played,
  ...(['ben', 'cem'] as const).map((by) => (played: Played) => tryToDecide(played, 'approve', { ...person, by }).played),
  (played) => tryToDecide(played, 'override', { ...person, gate: 'load' }).played,
  (played) => tryToDecide(played, 'skip', { ...person, region: 'oslo' }).played,
  ...([{ what: 'opens', wait: 'black-friday' }, { what: 'admit' }] as const).map(ifItMay),
  ...regionNames.flatMap((region) => [ifItMay({ what: 'starts', region }), ifItMay({ what: 'lives', region })]),
  ifItMay({ what: 'finished' }),
];

function ifItMay(happening: Happening) {
  return (played: Played): Played | undefined => (mayHappen(played, happening) ? happen(played, happening) : undefined);
}

const goOn = (played: Played): Played => waysOn.reduce((before, way) => (before === played ? way(before) ?? before : before), played);

function lastOf(played: Played, step: (played: Played) => Played): Played {
  let last = played;
  for (let steps = 0; steps < 30 && !isTerminal(last.status); steps++) last = step(last);
  return last;
}

describe('whatever people decide and the world does, in whatever order', () => {
  it('a rollout does what a simple model of it expects: it takes what makes sense, refuses the rest, and leaves nothing changed by a refusal', () => {
    fc.assert(fc.property(fc.boolean(), commands, (hasBegun, all) => {
      fc.modelRun(() => begin(hasBegun), all);
    }), { numRuns: 5_000 });
  });
});

// One person and one region are enough here, and no promotion: so every state can be visited, and every step be taken from it.
describe('from every state that a rollout can get into', () => {
  let states: Played[];
  beforeAll(() => {
    states = reachableStates();
  });

  it('each step is what the model expects; there are enough of them to mean something, and of every status', () => {
    expect(states.length).toBeGreaterThan(500);
    expect(new Set(states.map(({ status }) => status)).size).toBe(rolloutStatuses.length);
  });

  it('somebody who gives up comes to an end', () => {
    const lost = states.filter((played) => !isTerminal(lastOf(played, giveUp).status));
    expect(lost).toEqual([]);
  });

  it('somebody who wants it to succeed can get it there, as long as nobody has stopped it', () => {
    const open = states.filter(({ status, goal }) => !isTerminal(status) && goal === undefined);
    expect(open.filter((played) => lastOf(played, goOn).status !== 'succeeded')).toEqual([]);
  });

  it('no freeze, gate, drained region or stuck undo stands in the way of an undo: stopping is refused only where somebody has stopped it before', () => {
    const begun = states.filter(({ status }) => !isTerminal(status) && status !== 'scheduled' && status !== 'queued');
    const refused = begun.filter((played) => tryToDecide(played, 'rollback', person).code !== undefined);
    expect(refused.filter(({ goal }) => goal === undefined)).toEqual([]);
    expect(begun.filter(({ goal }) => goal !== undefined)).toEqual(refused);
  });
});

const steps = [
  ...decisionKinds.filter((kind) => kind !== 'promote').flatMap((kind) => [undefined, ...waitNames].map((gate) => new Decide(kind, { ...person, ...(gate && { gate }) }))),
  ...happenings.map((happening) => new Happen(happening)),
];

/** Every state that steps lead to. Each step is held against the model on the way. */
function reachableStates(): Played[] {
  const start = { model: new RolloutModel(), real: { played: { ...scheduled, regions: scheduled.regions.slice(0, 1) } } };
  const seen = new Map([[keyOf(start), start]]);
  for (const { model, real } of seen.values()) {
    for (const step of steps) {
      const after = { model: model.copy(), real: { ...real } };
      step.run(after.model, after.real);
      if (!seen.has(keyOf(after))) seen.set(keyOf(after), after);
    }
  }
  return [...seen.values()].map(({ real }) => real.played);
}

/** The order in which it has come to wait for things makes no difference. */
function keyOf({ model, real: { played: { waitingFor, overridden, ...played } } }: { model: RolloutModel; real: Real }): string {
  const { isPaused, isHeld, isMending } = model;
  return JSON.stringify({ ...played, waitingFor: waitingFor.map(({ gate }) => gate).toSorted(), overridden: overridden.toSorted(), isPaused, isHeld, isMending });
}
