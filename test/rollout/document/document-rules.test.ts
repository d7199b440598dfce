import { describe, expect, it } from 'vitest';
import { documentErrors } from '../../../src/rollout/document/document-rules.js';
import { shop } from '../sample-document.js';

const target = { type: 'process', command: ['node', 'server.js'], port: '{{ PORT }}' };
const ratio = { name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 };
const gate = { name: 'go', type: 'approval', roles: ['lead'] };
const production = { environment: 'production' };
const secret = { name: 'KEY', secret: true, values: [{ from: { env: 'KEY' } }] };

describe('a document', () => {
  it('that fits together has no errors', () => {
    expect(documentErrors(shop())).toEqual([]);
    expect(documentErrors(shop({
      target,
      variables: [{ name: 'PORT', values: [{ value: 4100 }, { value: 4200, region: 'sydney', environment: 'staging' }] }, secret],
      metrics: { type: 'prometheus', url: 'http://{{ region.name }}.example/{{ environment }}', bearerToken: 'KEY' },
      checks: [{ ...ratio, bad: 'errors{release="{{ release.version }}",code=~"5.."}' }],
    }))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['a pair that does not exist', { regions: { sydney: { weight: 1, pair: 'virgina' }, virginia: { weight: 2 } } },
      '/regions/sydney/pair', /no region virgina; regions: sydney, virginia\. Did you mean virginia\?/],
    ['a region that is its own pair', { regions: { sydney: { weight: 1, pair: 'sydney' } } }, '/regions/sydney/pair', /its own failover pair/],
    ['an environment twice', { lifecycle: [{ environment: 'staging' }, { environment: 'staging' }] }, '/lifecycle/1/environment', /staging stands here a second time/],
    ['a wave with an unknown region', { lifecycle: [{ environment: 'staging', waves: [['sydney'], ['sidney', 'frankfurt']] }] },
      '/lifecycle/0/waves/1/0', /no region sidney; regions: virginia, sydney, frankfurt\. Did you mean sydney\?/],
    ['a region in two waves', { lifecycle: [{ environment: 'staging', waves: [['sydney'], ['frankfurt', 'sydney']] }, production] }, '/lifecycle/0/waves/1/1', /the region sydney stands here a second time/],
    ['a region twice in one wave', { lifecycle: [{ environment: 'staging', waves: [['sydney', 'sydney']] }, production] }, '/lifecycle/0/waves/0/1', /the region sydney stands here a second time/],
    ['a gate twice', { lifecycle: [{ environment: 'staging', gates: [gate], regionGates: [{ ...gate, name: 'other' }, gate] }] },
      '/lifecycle/0/regionGates/1/name', /the gate go stands here a second time/],
    ['a soak that ends before it is credited', { soak: { min: '2h', max: '1h' } }, '/soak/max', /max is 1h and min is 2h/],
    ['a soak longer than the default bound', { soak: { min: '3h' } }, '/soak/max', /max is 2h and min is 3h/],
    ['a phase whose soak does not fit the bound of the pipeline', { soak: { min: '5m', max: '10m' }, lifecycle: [{ environment: 'staging', soak: { min: '20m' } }] },
      '/lifecycle/0/soak/max', /in staging, max is 10m and min is 20m/],
    ['a check twice', { metrics: { type: 'scrape', url: 'http://x' }, checks: [ratio, ratio] }, '/checks/1/name', /the check errors stands here a second time/],
    ['checks that nobody answers', { checks: [ratio] }, '/metrics', /staging, production has no source of metrics/],
    ['checks that one phase does not answer', { checks: [ratio], lifecycle: [{ environment: 'staging', metrics: { type: 'scrape', url: 'http://x' } }, { environment: 'production' }] },
      '/metrics', /and production has no source/],
    ['a variable twice', { variables: [{ name: 'A' }, { name: 'A' }] }, '/variables/1/name', /the variable A stands here a second time/],
    ['a value for an unknown region', { variables: [{ name: 'A', values: [{ value: 1, region: 'sidney' }] }] }, '/variables/0/values/0/region', /no region sidney; regions: virginia, sydney, frankfurt\. Did you mean sydney\?/],
    ['a value for an unknown environment', { variables: [{ name: 'A', values: [{ value: 1, environment: 'prod' }] }] }, '/variables/0/values/0/environment', /no environment prod; environments: staging, production\. Did you mean production\?/],
    ['two values for one place', { variables: [{ name: 'A', values: [{ value: 1 }, { value: 2 }] }] }, '/variables/0/values', /more than one value for every place/],
    ['a port that names an unknown variable', { target, variables: [{ name: 'PORTS', values: [{ value: 1 }] }] },
      '/target/port', /\{\{ PORT \}\} is neither a variable of the pipeline nor built in; known: PORTS, region\.name, tenant\.name, .* Did you mean PORTS\?/],
    ['a command of a phase that names an unknown variable', { lifecycle: [{ environment: 'staging', target: { ...target, port: '1', command: ['x', '--to={{ WHERE }}'] } }] },
      '/lifecycle/0/target/command/1', /\{\{ WHERE \}\}/],
    ['a query that names an unknown variable', { metrics: { type: 'scrape', url: 'http://x' }, checks: [{ ...ratio, total: 'all{shop="{{ SHOP }}"}' }] }, '/checks/0/total', /\{\{ SHOP \}\}/],
    ['a template that is none', { target: { type: 'webhook', url: 'http://x/{{#A}}' } }, '/target/url', /Write \{\{ NAME \}\} and nothing else/],
    ['a webhook whose secret is not declared', { target: { type: 'webhook', url: 'http://x', secret: 'KEYS' }, variables: [secret] }, '/target/secret', /no variable KEYS; variables: KEY\. Did you mean KEY\?/],
    ['a webhook whose secret is no secret', { target: { type: 'webhook', url: 'http://x', secret: 'KEY' }, variables: [{ name: 'KEY', values: [{ value: 'x' }] }] }, '/target/secret', /KEY is not a secret/],
    ['a bearer token that is not declared', { metrics: { type: 'prometheus', url: 'http://x', bearerToken: 'KEY' } }, '/metrics/bearerToken', /no variable KEY; variables: none/],
  ])('with %s is told where and what', (_, changes, pointer, message) => {
    const errors = documentErrors(shop(changes));
    expect(errors.map((error) => error.pointer)).toEqual([pointer]);
    expect(errors[0]!.message).toMatch(message);
  });

  it('with many errors is told all of them at once', () => {
    const errors = documentErrors(shop({ soak: { min: '3h' }, checks: [ratio, ratio], target, lifecycle: [{ environment: 'staging', waves: [['oslo']] }] }));
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/lifecycle/0/waves/0/0', '/soak/max', '/checks/1/name', '/metrics', '/target/port']);
  });

  it('with a broken section is not told what only follows from it', () => {
    const { metrics: _gone, ...document } = shop({ checks: [ratio], soak: { min: '3h' } });
    expect(documentErrors(document, ['metrics']).map(({ pointer }) => pointer)).toEqual(['/soak/max']);
  });
});
