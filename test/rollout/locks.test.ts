import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grant, holderOf, lineUp, release, waitsBehind, type Lockable, type Locks, type Waiting } from '../../src/rollout/locks.js';

const staging = ['staging'];
const production = ['production'];
const both = ['staging', 'production'];
const walk = (rollout: string, environments: string[], isReady = true): Waiting => ({ rollout, release: '1.1.0', environments, isReady, behind: null });
const namesOf = (list: Lockable[]): string[] => list.map(({ rollout }) => rollout);

describe('the locks of environments', () => {
  it('are given to the first who asks, and the others wait in line', () => {
    const { locks, admitted, queue } = grant({}, [walk('shop-1', both), walk('shop-2', both)]);
    expect(namesOf(admitted)).toEqual(['shop-1']);
    expect(namesOf(queue)).toEqual(['shop-2']);
    expect(locks).toEqual({ staging: 'shop-1', production: 'shop-1' });
  });

  it('let two walks run at once that share no environment', () => {
    expect(namesOf(grant({}, [walk('shop-1', staging), walk('shop-2', production)]).admitted)).toEqual(['shop-1', 'shop-2']);
  });

  it('are kept for whoever waits first: nobody overtakes in an environment that somebody before needs', () => {
    const { admitted, queue } = grant({ staging: 'shop-1' }, [walk('shop-2', both), walk('shop-3', production), walk('shop-4', ['drills'])]);
    expect(namesOf(admitted)).toEqual(['shop-4']);
    expect(namesOf(queue)).toEqual(['shop-2', 'shop-3']);
  });

  it('are not given to a rollout that does not run yet, and its place is not given to another', () => {
    const { admitted, queue } = grant({}, [walk('shop-1', staging, false), walk('shop-2', both), walk('shop-3', production)]);
    expect(namesOf(admitted)).toEqual([]);
    expect(namesOf(queue)).toEqual(['shop-1', 'shop-2', 'shop-3']);
  });

  it('are freed all together, and only those of the rollout that ends', () => {
    expect(release({ staging: 'shop-1', production: 'shop-1', drills: 'shop-2' }, 'shop-1')).toEqual({ drills: 'shop-2' });
  });

  it('hold for every name that an environment may have', () => {
    expect(holderOf({}, ['constructor'])).toBeUndefined();
    expect(namesOf(grant({}, [walk('shop-1', ['constructor'])]).admitted)).toEqual(['shop-1']);
  });
});

describe('whom a newcomer waits for', () => {
  const locks: Locks = { staging: 'shop-1', production: 'shop-1', drills: 'shop-9' };
  const queue = [walk('shop-2', both), walk('shop-3', staging)];

  it.each([
    ['the last in line for one of its environments', queue, staging, 'shop-3'],
    ['somebody in line for another environment is not in the way', queue, production, 'shop-2'],
    ['the holder, when nobody waits', [], production, 'shop-1'],
    ['the holder, when those in line want other environments', queue, ['drills'], 'shop-9'],
    ['nobody, when all is free', queue, ['canary'], null],
  ])('%s', (_title, line, environments, expected) => {
    expect(waitsBehind(locks, line, environments)).toBe(expected);
  });

  it('is told to each one in line: who stands before it there, not at its end', () => {
    const line = lineUp(locks, [...queue, walk('shop-4', production)]);
    expect(line.map(({ rollout, behind }) => [rollout, behind])).toEqual([['shop-2', 'shop-1'], ['shop-3', 'shop-2'], ['shop-4', 'shop-2']]);
  });
});

describe('whatever is asked for and ended, in whatever order', () => {
  /** A rollout asks for environments (a list), one that runs ends (a number), or the workflow of one in line has begun. */
  type Event = string[] | number | 'ready';
  const asks = fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 });
  const events = fc.array(fc.oneof(asks, fc.nat(20), fc.constant('ready' as const)), { maxLength: 60 });

  interface Line {
    locks: Locks;
    queue: Waiting[];
    running: Lockable[];
  }
  type Check = (before: Line, admitted: Lockable[]) => void;

  const admit = (line: Line, check: Check): Line => {
    const { locks, queue, admitted } = grant(line.locks, line.queue);
    check(line, admitted);
    return { locks, queue, running: [...line.running, ...admitted] };
  };

  const end = (line: Line, index: number): Line => {
    const ended = line.running[index % Math.max(1, line.running.length)];
    if (ended === undefined) return line;
    return { ...line, locks: release(line.locks, ended.rollout), running: line.running.filter((each) => each !== ended) };
  };

  const makeReady = (line: Line, how: 'one' | 'all'): Line => {
    const first = line.queue.find(({ isReady }) => !isReady);
    return { ...line, queue: line.queue.map((each) => ({ ...each, isReady: each.isReady || how === 'all' || each === first })) };
  };

  const take = (line: Line, event: Event, index: number): Line => {
    if (event === 'ready') return makeReady(line, 'one');
    if (typeof event === 'number') return end(line, event);
    return { ...line, queue: [...line.queue, walk(`shop-${index}`, event, index % 3 > 0)] };
  };

  const play = (asked: Event[], check: Check = () => undefined): Line =>
    asked.reduce<Line>((line, event, index) => admit(take(line, event, index), check), { locks: {}, queue: [], running: [] });

  const shares = (a: Lockable, b: Lockable): boolean => a.environments.some((environment) => b.environments.includes(environment));

  it('an environment has one holder, who runs and holds all that it asked for', () => {
    fc.assert(fc.property(events, (asked) => {
      const { locks, running } = play(asked);
      const held = running.flatMap(({ rollout, environments }) => environments.map((environment) => [environment, rollout] as const));
      expect(new Set(held.map(([environment]) => environment)).size).toBe(held.length);
      expect(locks).toEqual(Object.fromEntries(held));
    }));
  });

  it('nobody overtakes somebody who waits for one of the same environments', () => {
    fc.assert(fc.property(events, (asked) => {
      play(asked, (before, admitted) => {
        for (const each of admitted) {
          const ahead = before.queue.slice(0, before.queue.findIndex(({ rollout }) => rollout === each.rollout)).filter((other) => !admitted.includes(other));
          expect(ahead.some((other) => shares(other, each))).toBe(false);
        }
      });
    }));
  });

  it('whoever waits, and could begin, has somebody before it in one of its environments', () => {
    fc.assert(fc.property(events, (asked) => {
      const { running, queue } = play(asked);
      const hasSomebodyBefore = queue.map((each, index) => !each.isReady || [...running, ...queue.slice(0, index)].some((other) => shares(other, each)));
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
