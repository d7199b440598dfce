import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pipelineOfRollout, pipelineWorkflowId, regionWorkflowId, rolloutId, rolloutWorkflowId, stepKey } from '../../src/rollout/ids.js';
import { RolloutId } from '../../src/rollout/schema/names.js';

const names = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const numbers = fc.integer({ min: 1, max: 1_000_000_000 });

it('gives each workflow the id that the design promises', () => {
  expect(pipelineWorkflowId('shop')).toBe('pipeline/shop');
  expect(rolloutWorkflowId(rolloutId('shop', 12))).toBe('rollout/shop-12');
  expect(regionWorkflowId('shop-12', 'production', 'sydney')).toBe('rollout/shop-12/production/sydney');
});

it('finds the pipeline of a rollout, whatever dashes and digits its name has', () => {
  fc.assert(fc.property(names, numbers, (pipeline, number) => {
    expect(pipelineOfRollout(rolloutId(pipeline, number))).toBe(pipeline);
  }));
  expect(pipelineOfRollout('shop-2-11')).toBe('shop-2');
});

it('names every rollout of every pipeline in a way that the API accepts', () => {
  fc.assert(fc.property(names, numbers, (pipeline, number) => {
    expect(RolloutId.safeParse(rolloutId(pipeline, number)).success).toBe(true);
  }));
});

it('has another key for each attempt, step and direction in each place of each rollout', () => {
  const steps = fc.tuple(names, names, names, fc.integer({ min: 1, max: 50 }), fc.constantFrom('deploy', 'verify'), fc.constantFrom('do', 'undo'));
  fc.assert(fc.property(steps, steps, (one, other) => {
    expect(stepKey(...one) === stepKey(...other)).toBe(one.every((part, index) => part === other[index]));
  }));
  expect(stepKey('shop-12', 'production', 'sydney', 2, 'deploy', 'undo')).toBe('shop-12/production/sydney/2/deploy/undo');
});
