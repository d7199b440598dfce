import { describe, expect, it } from 'vitest';
import { production, told, toldAt } from './told.js';

const hook = (url: string, secret?: string) => ({ name: 'change-window', type: 'webhook', url, ...(secret !== undefined && { secret }) });
const lag = { name: 'lag', type: 'metric', query: 'lag{region="{{ region.name }}"}', max: 10 };

describe('the templates of a gate', () => {
  const everywhere = (name: string) => [
    { name: 'a', type: 'metric', query: `x{y="{{ ${name} }}"}`, max: 1 },
    { name: 'b', type: 'alerts', labels: { service: `{{ ${name} }}` } },
    { name: 'c', type: 'dependency', pipeline: 'ledger', release: `{{ ${name} }}` },
    { name: 'd', type: 'webhook', url: `http://x/{{ ${name} }}` },
  ];
  const metrics = { type: 'prometheus', url: 'http://prometheus:9090' };

  it('name variables of the pipeline, or what is built in', () => {
    expect(toldAt({ metrics, lifecycle: [{ ...production, regionGates: everywhere('SERVICE') }] }))
      .toEqual(['0/query', '1/labels/service', '2/release', '3/url'].map((place) => `/lifecycle/0/regionGates/${place}`));
    for (const name of ['SERVICE', 'environment', 'release.version', 'region.name']) {
      expect(told({ metrics, variables: [{ name: 'SERVICE', default: 'shop' }], lifecycle: [{ ...production, regionGates: everywhere(name) }] })).toEqual([]);
    }
  });

  it.each(['gates', 'waveGates'])('under %s have no region and no tenant', (where) => {
    expect(told({ metrics, lifecycle: [{ ...production, [where]: [hook('http://x/{{ environment }}/{{ release.version }}')] }] })).toEqual([]);
    for (const name of ['region.name', 'tenant.name']) {
      expect(toldAt({ metrics, lifecycle: [{ ...production, [where]: everywhere(name) }] }))
        .toEqual(['0/query', '1/labels/service', '2/release', '3/url'].map((place) => `/lifecycle/0/${where}/${place}`));
    }
    expect(told({ lifecycle: [{ ...production, [where]: [hook('http://{{ region.name }}')] }] })[0])
      .toBe(`/lifecycle/0/${where}/0/url: {{ region.name }} has no meaning before a ${where === 'gates' ? 'phase' : 'wave'}, which is no region. Put the gate under regionGates, or leave the name out`);
  });

  it.each(['gates', 'waveGates'])('under %s name variables with a value for the environment as a whole', (where) => {
    const document = (values: unknown[]) => ({ variables: [{ name: 'HOST', values }], lifecycle: [{ ...production, [where]: [hook('http://{{ HOST }}/')] }] });
    expect(toldAt(document([{ value: 'a', region: 'sydney' }, { value: 'b', region: 'virginia', environment: 'production' }]))).toEqual([`/lifecycle/0/${where}/0/url`]);
    expect(toldAt(document([{ value: 'a', region: 'sydney' }, { value: 'b', environment: 'production' }]))).toEqual([]);
  });

  it('are asked of metrics that are not those of one region, where there is none', () => {
    const scrape = { type: 'scrape', url: 'http://127.0.0.1:{{ PORT }}/metrics' };
    const variables = [{ name: 'PORT', values: [{ value: 1, region: 'sydney' }] }];
    const gate = { ...lag, query: 'lag' };
    expect(told({ metrics: scrape, variables, lifecycle: [{ ...production, waveGates: [gate] }] })).toEqual([
      '/lifecycle/0/waveGates/0: the metrics of production need PORT, which only a region has, and before a wave there is none. Put the gate under regionGates',
    ]);
    expect(told({ metrics: scrape, variables, lifecycle: [{ ...production, regionGates: [gate] }] })).toEqual([]);
    expect(toldAt({ metrics: { ...scrape, url: 'http://{{ region.name }}' }, lifecycle: [{ ...production, gates: [gate] }] })).toEqual(['/lifecycle/0/gates/0']);
    const token = { name: 'TOKEN', secret: true, values: [{ from: { env: 'TOKEN' }, region: 'sydney' }] };
    expect(toldAt({ metrics: { type: 'prometheus', url: 'http://x', bearerToken: 'TOKEN' }, variables: [token], lifecycle: [{ ...production, gates: [gate] }] })).toEqual(['/lifecycle/0/gates/0']);
    expect(told({ metrics: scrape, variables: [{ ...variables[0], default: 4100 }], lifecycle: [{ ...production, gates: [gate] }] })).toEqual([]);
  });

  it('are told of once when they do not parse', () => {
    expect(toldAt({ lifecycle: [{ ...production, gates: [hook('http://{{#HOST}}')] }] })).toEqual(['/lifecycle/0/gates/0/url']);
  });
});

describe('the name of a tenant in a template', () => {
  const target = { type: 'webhook', url: 'http://{{ tenant.name }}.{{ region.name }}.example' };
  const regions = { sydney: { weight: 1 }, frankfurt: { weight: 2 } };

  it('has a value in each place that uses it', () => {
    expect(told({ regions, target, tenants: { acme: { regions: ['sydney', 'frankfurt'] } } })).toEqual([]);
    expect(told({ regions, target, tenants: { acme: { regions: ['sydney'] } } })).toEqual([
      '/target/url: {{ tenant.name }} has no value in staging/frankfurt: no tenant lives there. Use a variable that has a value for each tenant and for that region',
    ]);
    expect(toldAt({ regions, target })).toEqual(['/target/url']);
  });

  it('is only asked for in the phases that use the text', () => {
    const tenants = { acme: { regions: ['sydney'] } };
    const everywhere = { environment: 'production', target: { type: 'webhook', url: 'http://x' } };
    expect(told({ regions, target, tenants, lifecycle: [{ environment: 'staging', waves: [['sydney']] }, everywhere] })).toEqual([]);
    expect(toldAt({ regions, tenants, lifecycle: [{ ...production, regionGates: [hook('http://{{ tenant.name }}')] }] })).toEqual(['/lifecycle/0/regionGates/0/url']);
  });
});

describe('the secret of a webhook gate', () => {
  const secret = { name: 'KEY', secret: true, values: [{ from: { env: 'KEY' } }] };
  const gate = hook('http://x', 'KEY');

  it('is a secret variable', () => {
    expect(told({ variables: [secret], lifecycle: [{ ...production, regionGates: [gate] }] })).toEqual([]);
    expect(told({ variables: [{ ...secret, name: 'KEYS' }], lifecycle: [{ ...production, waveGates: [gate] }] }))
      .toEqual(['/lifecycle/0/waveGates/0/secret: there is no variable KEY; variables: KEYS. Did you mean KEYS?']);
    expect(told({ variables: [{ name: 'KEY', default: 'x' }], lifecycle: [{ ...production, gates: [gate] }] }))
      .toEqual(['/lifecycle/0/gates/0/secret: the variable KEY is not a secret; give it secret: true and its values by reference']);
  });

  it('before a phase has a value for the environment as a whole', () => {
    const regional = { ...secret, values: [{ from: { env: 'KEY' }, region: 'sydney' }] };
    expect(toldAt({ variables: [regional], lifecycle: [{ ...production, gates: [gate] }] })).toEqual(['/lifecycle/0/gates/0/secret']);
    expect(toldAt({ variables: [regional], lifecycle: [{ ...production, regionGates: [gate] }] })).toEqual([]);
  });
});
