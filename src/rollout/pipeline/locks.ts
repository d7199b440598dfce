import type { ShipOptions } from '../schema/ship.js';

/** A rollout and the environments that it needs. It holds all of them from the moment it is let in to its end. */
export interface Walk {
  rollout: string;
  number: number;
  lane: ShipOptions['lane'];
  /** The version that it ships. */
  release: string;
  environments: string[];
  /** Migrations whose old shape it takes away; absent where it ships code. */
  contract?: string[];
}

/** A rollout that waits in line. */
export interface Waiting extends Walk {
  /** Its workflow runs: only then can it be let in, because only then can it be told. It keeps its place before that. */
  isReady: boolean;
  /** Whom it waits for, as it was told last. */
  behind: string | null;
}

/** A rollout that holds its environments. */
export interface Running extends Walk {
  /** The newer rollout that takes over, as this one was told last. */
  newer: string | null;
}

/** Environment → the rollout that holds it. */
export const locksOf = (running: Walk[]): Record<string, string> =>
  Object.fromEntries(running.flatMap(({ rollout, environments }) => environments.map((environment) => [environment, rollout])));

export const sharesEnvironment = (a: Pick<Walk, 'environments'>, b: Pick<Walk, 'environments'>): boolean =>
  a.environments.some((environment) => b.environments.includes(environment));

/** The line with a newcomer: at its end, or for a hot-fix before everybody but the hot-fixes that came earlier. */
export function enqueue(queue: Waiting[], newcomer: Waiting): Waiting[] {
  const index = placeInLine(queue, newcomer);
  return queue.toSpliced(index, 0, newcomer);
}

function placeInLine(queue: Waiting[], { lane }: Pick<Walk, 'lane'>): number {
  return lane === 'hotfix' ? queue.findLastIndex((each) => each.lane === 'hotfix') + 1 : queue.length;
}

/**
 * Gives free environments to those who wait, in their order. Nobody overtakes somebody who waits for one of the same environments:
 * a long queue never starves its head.
 */
export function grant(running: Running[], queue: Waiting[]): { running: Running[]; admitted: Waiting[]; queue: Waiting[] } {
  const inTheWay: Walk[] = [...running];
  const admitted = queue.filter((each) => {
    const isFree = each.isReady && !inTheWay.some((other) => sharesEnvironment(other, each));
    inTheWay.push(each);
    return isFree;
  });
  return {
    running: [...running, ...admitted.map(({ isReady: _ready, behind: _behind, ...walk }) => ({ ...walk, newer: null }))],
    admitted,
    queue: queue.filter((each) => !admitted.includes(each)),
  };
}

/** Everybody whose end a newcomer waits for: those who hold its environments, then those before it in line for them. */
export const inTheWayOf = (newcomer: Pick<Walk, 'lane' | 'environments'>, running: Running[], queue: Waiting[]): Walk[] =>
  [...running, ...queue.slice(0, placeInLine(queue, newcomer))].filter((each) => sharesEnvironment(each, newcomer));

/** Whom a newcomer waits for: who holds its environments, or who is first in line for them where nobody does; null when all are free. */
export const waitsBehind = (newcomer: Pick<Walk, 'lane' | 'environments'>, running: Running[], queue: Waiting[]): string | null =>
  inTheWayOf(newcomer, running, queue)[0]?.rollout ?? null;

/** The line with whom each waits for now. */
export const lineUp = (running: Running[], queue: Waiting[]): Waiting[] =>
  queue.map((each, index) => ({
    ...each, behind: [...running, ...queue.slice(0, index)].find((other) => sharesEnvironment(other, each))?.rollout ?? null,
  }));
