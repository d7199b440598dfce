import { describe, expect, it } from 'vitest';
import { nextMove, type KnownCell, type KnownRollout } from '../../../src/cli/up/next-move.js';
import { isSettled } from '../../../src/cli/up/settled.js';
import type { RegionStatus, RolloutStatus } from '../../../src/rollout/states/statuses.js';

const rollout = (number: number, release: string, status: RolloutStatus): KnownRollout => ({ id: `shop-${number}`, number, release, status });
const everywhere = (release: string): KnownCell[] => [{ release, verified: true }, { release, verified: true }];

describe('a start that is asked to ship 1.1.0', () => {
  it.each<[string, KnownRollout[], KnownCell[], ReturnType<typeof nextMove>]>([
    ['ships it when nothing was ever shipped', [], [], { kind: 'ship' }],
    ['ships it when the regions run what was found there', [], everywhere('1.0.0'), { kind: 'ship' }],
    ['ships it again after a rollout of it that failed', [rollout(1, '1.1.0', 'failed')], everywhere('1.0.0'), { kind: 'ship' }],
    ['ships it again after it was rolled back', [rollout(1, '1.1.0', 'rolled-back')], everywhere('1.0.0'), { kind: 'ship' }],
    ['does nothing when it is verified everywhere', [rollout(1, '1.1.0', 'succeeded')], everywhere('1.1.0'), { kind: 'nothing' }],
    [
      'ships it when it runs everywhere and one region has not verified it',
      [rollout(1, '1.1.0', 'aborted')], [{ release: '1.1.0', verified: true }, { release: '1.1.0', verified: false }], { kind: 'ship' },
    ],
    [
      'ships it when one region was put on something else since',
      [rollout(1, '1.1.0', 'succeeded')], [{ release: '1.1.0', verified: true }, { release: '1.0.9', verified: true }], { kind: 'ship' },
    ],
    ['goes on with its running rollout', [rollout(1, '1.1.0', 'running')], everywhere('1.0.0'), { kind: 'follow', rollout: 'shop-1' }],
    ['goes on with its rollout that waits in line for nobody any more', [rollout(1, '1.1.0', 'queued')], [], { kind: 'follow', rollout: 'shop-1' }],
    [
      'goes on with its held rollout, and not with a newer one of it in line',
      [rollout(2, '1.1.0', 'queued'), rollout(1, '1.1.0', 'held')], [], { kind: 'follow', rollout: 'shop-1' },
    ],
    ['names another rollout that is held', [rollout(2, '1.2.0', 'held'), rollout(1, '1.1.0', 'succeeded')], [], { kind: 'wait-for', rollout: 'shop-2' }],
    [
      'names the rollout that its own stands in line behind',
      [rollout(3, '1.1.0', 'queued'), rollout(2, '1.2.0', 'waiting')], [], { kind: 'wait-for', rollout: 'shop-2' },
    ],
    ['names another rollout in line that is about to be let in', [rollout(2, '1.2.0', 'queued')], [], { kind: 'wait-for', rollout: 'shop-2' }],
    [
      'names the oldest when two others hold what they need',
      [rollout(5, '1.3.0', 'running'), rollout(4, '1.2.0', 'held')], [], { kind: 'wait-for', rollout: 'shop-4' },
    ],
    ['names another rollout although its own release is verified everywhere', [rollout(2, '1.2.0', 'running')], everywhere('1.1.0'), { kind: 'wait-for', rollout: 'shop-2' }],
  ])('%s', (_what, rollouts, cells, move) => {
    expect(nextMove('1.1.0', rollouts, cells)).toEqual(move);
  });
});

describe('a rollout has come to rest', () => {
  const settled = (status: RolloutStatus, ...regions: RegionStatus[]): boolean =>
    isSettled({
      status,
      waitingFor: [{ gate: 'go-no-go', type: 'approval', environment: 'production', since: '2026-01-01T10:00:00.000Z', needs: 'approval by ana' }],
      regions: regions.map((each, index) => ({ environment: 'production', region: `r${index}`, wave: 1, status: each, release: null, previous: null, attempts: 1 })),
    });

  it.each<[RolloutStatus, RegionStatus[]]>([
    ['succeeded', ['live', 'live']],
    ['rolled-back', ['rolled-back', 'pending']],
    ['held', ['rolled-back', 'pending']],
    ['waiting', ['gated', 'live']],
    ['paused', ['soaking', 'pending']],
    ['stuck', ['stuck', 'live']],
  ])('when it is %s with regions %j', (status, regions) => {
    expect(settled(status, ...regions)).toBe(true);
  });

  it.each<[RolloutStatus, RegionStatus[], string]>([
    ['running', ['soaking', 'pending'], 'it goes on by itself'],
    ['queued', ['pending'], 'it goes on by itself'],
    ['held', ['rolling-back', 'pending'], 'the failed region is still being undone'],
    ['held', ['rolled-back', 'soaking'], 'another region of the wave is still watched'],
    ['paused', ['rolling-back', 'live'], 'a pause does not stop an undo'],
  ])('but not when it is %s with regions %j: %s', (status, regions) => {
    expect(settled(status, ...regions)).toBe(false);
  });
});
