import { expect, it } from 'vitest';
import { production, told, toldAt } from './told.js';

const metrics = { type: 'prometheus', url: 'http://prometheus:9090' };
const variables = [{ name: 'TOKEN', secret: true, values: [{ from: { env: 'TOKEN' } }] }, { name: 'SERVICE', default: 'shop' }];

it('what a check or a gate asks names no secret: it is shown to people', () => {
  const asking = (name: string) => ({
    metrics, variables,
    checks: [{ name: 'lag', kind: 'value', query: `lag{key="{{ ${name} }}"}`, max: 1 }],
    lifecycle: [{
      ...production,
      gates: [{ name: 'load', type: 'metric', query: `load{key="{{ ${name} }}"}`, max: 1 }],
      waveGates: [{ name: 'calm', type: 'alerts', labels: { url: `{{ ${name} }}` } }],
      regionGates: [{ name: 'ledger', type: 'dependency', pipeline: 'ledger', release: `{{ ${name} }}` }],
    }],
  });
  expect(told(asking('SERVICE'))).toEqual([]);
  expect(toldAt(asking('TOKEN'))).toEqual([
    '/checks/0/query', '/lifecycle/0/gates/0/query', '/lifecycle/0/waveGates/0/labels/url', '/lifecycle/0/regionGates/0/release',
  ]);
  expect(told(asking('TOKEN'))[0]).toBe('/checks/0/query: {{ TOKEN }} is a secret, and what is asked here is shown to people. Leave it out, or make it a variable that is none');
});

it('a webhook may have a secret in its URL, of which only the host is shown', () => {
  const hook = (where: string) => ({ metrics, variables, lifecycle: [{ ...production, [where]: [{ name: 'board', type: 'webhook', url: 'https://hooks.example.com/{{ TOKEN }}' }] }] });
  for (const where of ['gates', 'waveGates', 'regionGates']) expect(told(hook(where))).toEqual([]);
});

it('what signs the questions of a metrics webhook is a secret variable of the pipeline', () => {
  const signedBy = (secret: string) => ({ ...production, metrics: { type: 'webhook', url: 'https://metrics.example.com/{{ TOKEN }}', secret } });
  expect(told({ metrics, variables, lifecycle: [signedBy('TOKEN')] })).toEqual([]);
  expect(told({ metrics, variables, lifecycle: [signedBy('TOKENS')] })).toEqual(['/lifecycle/0/metrics/secret: there is no variable TOKENS; variables: TOKEN, SERVICE. Did you mean TOKEN?']);
  expect(told({ metrics: signedBy('SERVICE').metrics, variables })).toEqual(['/metrics/secret: the variable SERVICE is not a secret; give it secret: true and its values by reference']);
});

it('what signs it has a value before a phase and a wave, where a gate asks it', () => {
  const regional = [{ name: 'KEY', secret: true, values: [{ from: { env: 'KEY' }, region: 'sydney' }] }];
  const lag = { name: 'lag', type: 'metric', query: 'lag', max: 1 };
  const asked = (where: string) => toldAt({ metrics: { type: 'webhook', url: 'https://m.example.com', secret: 'KEY' }, variables: regional, lifecycle: [{ ...production, [where]: [lag] }] });
  expect(asked('gates')).toEqual(['/lifecycle/0/gates/0']);
  expect(asked('waveGates')).toEqual(['/lifecycle/0/waveGates/0']);
  expect(asked('regionGates')).toEqual([]);
});
