import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calendarWorkflowId, pipelineOfRollout, pipelineWorkflowId, regionWorkflowId, rolloutId, rolloutWorkflowId, scheduleId, stepKey } from '../../src/rollout/ids.js';
import { canonical } from '../../src/rollout/canonical.js';
import { RolloutId } from '../../src/rollout/schema/names.js';

const names = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const numbers = fc.integer({ min: 1, max: 1_000_000_000 });

it('gives each workflow the id that the design promises', () => {
  expect(pipelineWorkflowId('shop')).toBe('pipeline/shop');
  expect(rolloutWorkflowId(rolloutId('shop', 12))).toBe('rollout/shop-12');
  expect(regionWorkflowId('shop-12', { environment: 'production', region: 'sydney' })).toBe('rollout/shop-12/production/sydney');
  expect(regionWorkflowId('shop-12', { environment: 'production', region: 'sydney', tenant: 'acme' })).toBe('rollout/shop-12/production/sydney/acme');
  expect(calendarWorkflowId).toBe('calendar');
  expect(scheduleId('shop-nightly')).toBe('schedule/shop-nightly');
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
  // Often the same name twice, so that two steps are often alike.
  const few = fc.oneof(fc.constantFrom('a', 'b'), names);
  const places = fc.record({ environment: few, region: few, tenant: few }, { requiredKeys: ['environment', 'region'] });
  const steps = fc.tuple(few, places, fc.integer({ min: 1, max: 3 }), fc.constantFrom('deploy', 'verify'), fc.constantFrom('do' as const, 'undo' as const));
  fc.assert(fc.property(steps, steps, (one, other) => {
    expect(stepKey(...one) === stepKey(...other)).toBe(canonical(one) === canonical(other));
  }));
  expect(stepKey('shop-12', { environment: 'production', region: 'sydney' }, 2, 'deploy', 'undo')).toBe('shop-12/production/sydney/2/deploy/undo');
  expect(stepKey('shop-12', { environment: 'production', region: 'sydney', tenant: 'acme' }, 2, 'deploy', 'undo')).toBe('shop-12/production/sydney/acme/2/deploy/undo');
});
