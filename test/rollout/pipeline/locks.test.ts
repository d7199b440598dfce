import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enqueue, grant, lineUp, locksOf, sharesEnvironment, waitsBehind, type Running, type Waiting, type Walk } from '../../../src/rollout/pipeline/locks.js';

const staging = ['staging'];
const production = ['production'];
const both = ['staging', 'production'];
const walk = (rollout: string, environments: string[], changes: Partial<Waiting> = {}): Waiting =>
  ({ rollout, number: Number(rollout.slice(5)), lane: 'normal', release: '1.1.0', environments, isReady: true, behind: null, ...changes });
const holds = (rollout: string, environments: string[]): Running => ({ rollout, number: 1, lane: 'normal', release: '1.0.0', environments, newer: null });
const namesOf = (list: Walk[]): string[] => list.map(({ rollout }) => rollout);

describe('the locks of environments', () => {
  it('are given to the first who asks, and the others wait in line', () => {
    const { running, admitted, queue } = grant([], [walk('shop-1', both), walk('shop-2', both)]);
    expect(namesOf(admitted)).toEqual(['shop-1']);
    expect(namesOf(queue)).toEqual(['shop-2']);
    expect(locksOf(running)).toEqual({ staging: 'shop-1', production: 'shop-1' });
  });

  it('let two walks run at once that share no environment', () => {
    expect(namesOf(grant([], [walk('shop-1', staging), walk('shop-2', production)]).admitted)).toEqual(['shop-1', 'shop-2']);
  });

  it('are kept for whoever waits first: nobody overtakes in an environment that somebody before needs', () => {
    const { admitted, queue } = grant([holds('shop-1', staging)], [walk('shop-2', both), walk('shop-3', production), walk('shop-4', ['drills'])]);
    expect(namesOf(admitted)).toEqual(['shop-4']);
    expect(namesOf(queue)).toEqual(['shop-2', 'shop-3']);
  });

  it('are not given to a rollout that does not run yet, and its place is not given to another', () => {
    const { admitted, queue } = grant([], [walk('shop-1', staging, { isReady: false }), walk('shop-2', both), walk('shop-3', production)]);
    expect(namesOf(admitted)).toEqual([]);
    expect(namesOf(queue)).toEqual(['shop-1', 'shop-2', 'shop-3']);
  });
});

describe('the line', () => {
  const line = [walk('shop-2', both), walk('shop-3', staging)];
  const hotfix = (rollout: string): Waiting => walk(rollout, both, { lane: 'hotfix' });

  it('takes a newcomer at its end', () => {
    expect(namesOf(enqueue(line, walk('shop-4', both)))).toEqual(['shop-2', 'shop-3', 'shop-4']);
  });

  it('takes a hot-fix at its head, behind the hot-fixes that came earlier', () => {
    expect(namesOf([hotfix('shop-4'), hotfix('shop-5')].reduce(enqueue, line))).toEqual(['shop-4', 'shop-5', 'shop-2', 'shop-3']);
  });
});

describe('whom a newcomer waits for', () => {
  const running = [holds('shop-1', both), holds('shop-9', ['drills'])];
  const queue = [walk('shop-2', both), walk('shop-3', ['canary']), walk('shop-4', ['canary'])];
  const wants = (environments: string[], lane: Walk['lane'] = 'normal') => ({ environments, lane });

  it.each([
    ['the holder of one of its environments, however many wait', queue, wants(staging), 'shop-1'],
    ['the holder, when nobody waits', [], wants(production), 'shop-1'],
    ['the first in line, where nobody holds what it needs', queue, wants(['canary']), 'shop-3'],
    ['nobody, when a hot-fix goes before those in line and nobody holds what it needs', queue, wants(['canary'], 'hotfix'), null],
    ['nobody, when all is free', queue, wants(['qa']), null],
  ])('%s', (_title, line, newcomer, expected) => {
    expect(waitsBehind(newcomer, running, line)).toBe(expected);
  });

  it('is told to each one in line: the holder, and not whoever is before it', () => {
    const behind = lineUp(running, queue).map((each) => [each.rollout, each.behind]);
    expect(behind).toEqual([['shop-2', 'shop-1'], ['shop-3', null], ['shop-4', 'shop-3']]);
  });
});

describe('whatever is asked for and ended, in whatever order', () => {
  /** A rollout asks for environments (a list), one that runs ends (a number), or the workflow of one in line has begun. */
  type Event = string[] | number | 'ready';
  const asks = fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 });
  const events = fc.array(fc.oneof(asks, fc.nat(20), fc.constant('ready' as const)), { maxLength: 60 });

  interface Line {
    queue: Waiting[];
    running: Running[];
  }
  type Check = (before: Line, admitted: Walk[]) => void;

  const admit = (line: Line, check: Check): Line => {
    const { running, queue, admitted } = grant(line.running, line.queue);
    check(line, admitted);
    return { queue, running };
  };

  const end = (line: Line, index: number): Line => {
    const ended = line.running[index % Math.max(1, line.running.length)];
    return { ...line, running: line.running.filter((each) => each !== ended) };
  };

  const makeReady = (line: Line, how: 'one' | 'all'): Line => {
    const first = line.queue.find(({ isReady }) => !isReady);
    return { ...line, queue: line.queue.map((each) => ({ ...each, isReady: each.isReady || how === 'all' || each === first })) };
  };

  const take = (line: Line, event: Event, index: number): Line => {
    if (event === 'ready') return makeReady(line, 'one');
    if (typeof event === 'number') return end(line, event);
    const lane = index % 7 === 0 ? 'hotfix' as const : 'normal' as const;
    return { ...line, queue: enqueue(line.queue, walk(`shop-${index}`, event, { isReady: index % 3 > 0, lane })) };
  };

  const play = (asked: Event[], check: Check = () => undefined): Line =>
    asked.reduce<Line>((line, event, index) => admit(take(line, event, index), check), { queue: [], running: [] });

  it('an environment has one holder, who runs and holds all that it asked for', () => {
    fc.assert(fc.property(events, (asked) => {
      const { running } = play(asked);
      const held = running.flatMap(({ rollout, environments }) => environments.map((environment) => [environment, rollout] as const));
      expect(new Set(held.map(([environment]) => environment)).size).toBe(held.length);
      expect(locksOf(running)).toEqual(Object.fromEntries(held));
    }));
  });

  it('nobody overtakes somebody who waits for one of the same environments', () => {
    fc.assert(fc.property(events, (asked) => {
      play(asked, (before, admitted) => {
        for (const each of admitted) {
          const ahead: Walk[] = before.queue.slice(0, before.queue.findIndex(({ rollout }) => rollout === each.rollout)).filter((other) => !admitted.includes(other));
          expect(ahead.some((other) => sharesEnvironment(other, each))).toBe(false);
        }
      });
    }));
  });

  it('whoever waits, and could begin, has somebody before it in one of its environments', () => {
    fc.assert(fc.property(events, (asked) => {
      const { running, queue } = play(asked);
      const hasSomebodyBefore = queue.map((each, index) => !each.isReady || [...running, ...queue.slice(0, index)].some((other) => sharesEnvironment(other, each)));
      expect(hasSomebodyBefore).not.toContain(false);
    }));
  });

  it('everybody who waits gets in, as long as those who run end', () => {
    fc.assert(fc.property(events, (asked) => {
      let line = makeReady(play(asked), 'all');
      for (let rounds = asked.length; rounds > 0 && line.queue.length > 0; rounds -= 1) line = admit(end(line, 0), () => undefined);
      expect(line.queue).toEqual([]);
    }));
  });
});
