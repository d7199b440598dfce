import type { RolloutSummary } from '../rollout/schema/rollout.js';

/** What a rollout does, in a few words: the release that it ships, or `contract 0001-split-name`. */
export const deedOf = ({ release, contract }: Pick<RolloutSummary, 'release' | 'contract'>): string =>
  (contract === undefined ? release : `contract ${contract.join(', ')}`);
