/** Who may change which environment. A rollout holds every environment of its walk from admission to its end. */
export interface Lockable {
  rollout: string;
  environments: string[];
}

/** A rollout that waits in line. */
export interface Waiting extends Lockable {
  /** The version that it ships. */
  release: string;
  /** Its workflow runs: only then can it be let in, because only then can it be told. It keeps its place before that. */
  isReady: boolean;
  /** Whom it waits for, as it was told last. */
  behind: string | null;
}

/** Environment → the rollout that holds it. */
export type Locks = Record<string, string>;

/** The first rollout that stands in the way, or undefined when every environment is free. */
export const holderOf = (locks: Locks, environments: string[]): string | undefined =>
  environments.filter((environment) => Object.hasOwn(locks, environment)).map((environment) => locks[environment])[0];

export const release = (locks: Locks, rollout: string): Locks =>
  Object.fromEntries(Object.entries(locks).filter(([, holder]) => holder !== rollout));

/**
 * Gives free environments to those who wait, in their order. Nobody overtakes somebody who waits for one of the same environments:
 * a long queue never starves its head.
 */
export function grant(locks: Locks, queue: Waiting[]): { locks: Locks; admitted: Waiting[]; queue: Waiting[] } {
  let after = locks;
  const claimed = new Set<string>();
  const admitted = queue.filter(({ rollout, environments, isReady }) => {
    const isFree = isReady && holderOf(after, environments) === undefined && environments.every((environment) => !claimed.has(environment));
    if (isFree) after = { ...after, ...Object.fromEntries(environments.map((environment) => [environment, rollout])) };
    else environments.forEach((environment) => claimed.add(environment));
    return isFree;
  });
  return { locks: after, admitted, queue: queue.filter((each) => !admitted.includes(each)) };
}

/** Whom a newcomer for these environments waits for: the last in line for one of them, or else the holder; null when nobody. */
export const waitsBehind = (locks: Locks, queue: Lockable[], environments: string[]): string | null =>
  queue.findLast((each) => each.environments.some((environment) => environments.includes(environment)))?.rollout
  ?? holderOf(locks, environments)
  ?? null;

/** The line with whom each waits for now. */
export const lineUp = (locks: Locks, queue: Waiting[]): Waiting[] =>
  queue.map((each, index) => ({ ...each, behind: waitsBehind(locks, queue.slice(0, index), each.environments) }));
