import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { renderRollout } from '../../src/cli/live-tree.js';
import { now, running } from './sample-rollouts.js';

const shown = (budget?: { spent: number; limit: number }): string =>
  renderRollout({ ...running, ...(budget && { budget }) }, { width: 80, colours: picocolors.createColors(false), timezone: 'UTC', now });

it('a rollout shows what its release has cost, where the pipeline says what it may', () => {
  expect(shown({ spent: 611.6, limit: 500 })).toContain('\n  Error budget: 612 of 500 bad requests spent\n');
  expect(shown()).not.toContain('Error budget');
});
