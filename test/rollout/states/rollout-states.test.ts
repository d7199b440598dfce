import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionKinds } from '../../../src/rollout/control/decision-kinds.js';
import { decisionsIn, moveRollout, rolloutTable, type RolloutEvent, type RolloutMove } from '../../../src/rollout/states/rollout-states.js';
import { isTerminal, rolloutStatuses, type RolloutStatus } from '../../../src/rollout/states/statuses.js';

const open = rolloutStatuses.filter((status) => !isTerminal(status));
const movesFrom = (status: RolloutStatus): [RolloutEvent, RolloutMove][] => Object.entries(rolloutTable[status]) as [RolloutEvent, RolloutMove][];
const allMoves = rolloutStatuses.flatMap((from) => movesFrom(from).map(([event, { to, effects }]) => ({ from, event, to, effects })));
const isDecision = (event: RolloutEvent): boolean => (decisionKinds as readonly string[]).includes(event);

/** Every status that can be reached from `start` by events that `allows` lets pass, `start` among them. */
function reachable(start: RolloutStatus, allows: (event: RolloutEvent) => boolean = () => true): RolloutStatus[] {
  const seen = new Set([start]);
  for (const status of seen) movesFrom(status).filter(([event]) => allows(event)).forEach(([, { to }]) => seen.add(to));
  return [...seen];
}

describe('the way of a rollout', () => {
  it('has no status that is never reached, and none that is left out', () => {
    expect(reachable('scheduled').toSorted()).toEqual([...rolloutStatuses].toSorted());
    expect(reachable('queued').toSorted()).toEqual(rolloutStatuses.filter((status) => status !== 'scheduled').toSorted());
  });

  it('is at its end in a terminal status: no event and no decision moves it any more', () => {
    for (const status of rolloutStatuses.filter(isTerminal)) {
      expect(movesFrom(status)).toEqual([]);
      expect(decisionsIn(status)).toEqual([]);
    }
  });

  it.each(open)('has a way out of %s that a person can always take', (status) => {
    expect(decisionsIn(status)).not.toEqual([]);
    const ways = reachable(status, (event) => isDecision(event) || event === 'undone' || event === 'stopped');
    expect(ways.some(isTerminal)).toBe(true);
  });

  it('comes to an end from wherever a random story has led it', () => {
    const stories = fc.array(fc.constantFrom(...new Set(allMoves.map(({ event }) => event))), { maxLength: 200 });
    fc.assert(fc.property(stories, (events) => {
      const status = events.reduce<RolloutStatus>((before, event) => moveRollout(before, event)?.to ?? before, 'queued');
      expect(rolloutStatuses).toContain(status);
      expect(reachable(status).some(isTerminal)).toBe(true);
    }));
  });
});

describe('an end', () => {
  const waysTo = (status: RolloutStatus): string[] => allMoves.filter(({ to, from }) => to === status && from !== to).map(({ from, event }) => `${from} by ${event}`);

  it('is succeeded only while the rollout runs: not while it is paused, held or going back', () => {
    expect(waysTo('succeeded')).toEqual(['running by finished']);
  });

  it('is failed only before anything was touched', () => {
    expect(waysTo('failed')).toEqual(['queued', 'running', 'waiting', 'paused', 'held'].map((status) => `${status} by preflight-failed`));
  });

  it('is superseded from wherever nothing goes back, and never while a person has paused it', () => {
    expect(waysTo('superseded')).toEqual(['scheduled', 'queued', 'running', 'waiting', 'held'].map((status) => `${status} by supersede`));
  });

  it('is rolled-back or aborted only after everything that must go back has gone back, or before it has begun', () => {
    expect(waysTo('rolled-back')).toEqual(['rolling-back by undone']);
    expect(waysTo('aborted')).toEqual(['scheduled by abort', 'queued by abort', 'rolling-back by stopped']);
  });
});

describe('what may start something new', () => {
  it.each(['paused', 'held'] as const)('is only a person’s resume, once the rollout is %s, unless the soak that held it goes on', (status) => {
    const forward = movesFrom(status).filter(([, { to }]) => to === 'running' || to === 'waiting').map(([event]) => event);
    expect(forward.filter((event) => event !== 'region-recovered')).toEqual(['resume']);
  });

  it('is nothing while a region goes back or is stuck, unless the undo was only rehearsed', () => {
    const without = reachable('rolling-back', (event) => !['resume', 'rehearsed', 'region-recovered'].includes(event));
    expect(without).not.toContain('running');
    expect(without).not.toContain('waiting');
  });
});

describe('an undo', () => {
  it('is stopped by no decision: who goes back is done, stuck, or asks a person about the rest', () => {
    expect(movesFrom('rolling-back').filter(([, { to }]) => to !== 'rolling-back').map(([event, { to }]) => `${event}: ${to}`)).toEqual([
      'region-failed: held', 'undo-stuck: stuck', 'rehearsed: running', 'undone: rolled-back', 'stopped: aborted',
    ]);
  });

  it('that is stuck is answered by retry or skip, and whoever stops the rollout meanwhile does not answer it', () => {
    expect(decisionsIn('stuck')).toEqual(['retry', 'skip', 'rollback', 'abort']);
    expect(moveRollout('stuck', 'rollback')?.to).toBe('stuck');
    expect(moveRollout('stuck', 'abort')?.to).toBe('stuck');
  });

  it('makes a rollout stuck from wherever something may go back', () => {
    expect(allMoves.filter(({ event }) => event === 'undo-stuck').map(({ from }) => from))
      .toEqual(['running', 'waiting', 'paused', 'held', 'rolling-back', 'stuck']);
  });
});

describe('a decision', () => {
  it.each([
    ['scheduled', ['resume', 'abort']],
    ['queued', ['abort']],
    ['running', ['pause', 'promote', 'rollback', 'abort']],
    ['waiting', ['approve', 'reject', 'override', 'pause', 'skip', 'promote', 'rollback', 'abort']],
    ['paused', ['approve', 'reject', 'override', 'resume', 'skip', 'promote', 'rollback', 'abort']],
    ['held', ['approve', 'reject', 'override', 'resume', 'skip', 'promote', 'rollback', 'abort']],
    ['rolling-back', ['rollback', 'abort']],
    ['stuck', ['retry', 'skip', 'rollback', 'abort']],
  ] as const)('can be taken while %s: %j', (status, decisions) => {
    expect(decisionsIn(status)).toEqual(decisions);
  });

  it('has the same effects wherever it is taken', () => {
    const effectsOf = (kind: string): string[] =>
      [...new Set(allMoves.filter(({ event, from }) => event === kind && from !== 'queued' && from !== 'scheduled').map(({ effects }) => effects.join(' and ')))];
    expect(Object.fromEntries(decisionKinds.map((kind) => [kind, effectsOf(kind)]))).toEqual({
      pause: ['pause-regions'],
      resume: ['resume-regions'],
      approve: ['note-approval'],
      reject: ['note-rejection and stop-walk'],
      abort: ['stop-walk'],
      rollback: ['stop-walk'],
      retry: ['retry-undo'],
      skip: ['skip-drained', 'skip-undo'],
      promote: ['note-promotion'],
      override: ['override-gate'],
    });
  });

  it('skips an undo only while one is stuck, and a drained region only while none is', () => {
    expect(allMoves.filter(({ event }) => event === 'skip').map(({ from, effects }) => `${from}: ${effects.join()}`))
      .toEqual(['waiting: skip-drained', 'paused: skip-drained', 'held: skip-drained', 'stuck: skip-undo']);
  });

  it('that lets something through leaves the status to what is still waited for', () => {
    for (const kind of ['approve', 'override', 'promote'] as const) {
      expect(allMoves.filter(({ event, from, to }) => event === kind && from !== to)).toEqual([]);
    }
  });

  it('starts a scheduled rollout before its time: it asks for its place in line like one whose time has come', () => {
    expect(moveRollout('scheduled', 'resume')).toEqual({ to: 'queued', effects: ['start-now'] });
    expect(moveRollout('scheduled', 'due')).toEqual({ to: 'queued', effects: [] });
  });

  it('that ends a rollout before it has begun has nothing to stop', () => {
    expect(moveRollout('queued', 'abort')).toEqual({ to: 'aborted', effects: [] });
  });

  it('is the only thing that has effects: what the walk meets changes the status alone', () => {
    // An answer to a soak is an approval or a rejection of its region.
    expect(allMoves.filter(({ event, effects }) => !isDecision(event) && event !== 'soak-answered' && effects.length > 0)).toEqual([]);
  });
});

describe('what the walk meets', () => {
  it.each([
    ['running', 'gate-closed', 'waiting'],
    ['waiting', 'gate-closed', 'waiting'],
    ['waiting', 'gates-open', 'running'],
    ['waiting', 'gate-expired', 'held'],
    ['paused', 'gate-closed', 'paused'],
    ['paused', 'gates-open', 'paused'],
    ['paused', 'region-failed', 'held'],
    ['held', 'gates-open', 'held'],
    ['held', 'region-failed', 'held'],
    ['running', 'region-failed', 'held'],
    ['stuck', 'region-failed', 'stuck'],
    ['stuck', 'unstuck', 'rolling-back'],
    ['rolling-back', 'region-failed', 'held'],
    ['queued', 'admit', 'running'],
    ['queued', 'supersede', 'superseded'],
    ['scheduled', 'supersede', 'superseded'],
    ['running', 'supersede', 'superseded'],
    ['running', 'gate-expired', 'held'],
    ['held', 'gate-expired', 'held'],
  ] as const)('while %s: %s makes it %s', (status, event, to) => {
    expect(moveRollout(status, event)?.to).toBe(to);
  });

  it('means nothing where the table has no move for it', () => {
    expect(moveRollout('queued', 'finished')).toBeUndefined();
    expect(moveRollout('paused', 'finished')).toBeUndefined();
    expect(moveRollout('running', 'admit')).toBeUndefined();
    for (const status of ['paused', 'rolling-back', 'stuck'] as const) expect(moveRollout(status, 'supersede')).toBeUndefined();
  });
});
