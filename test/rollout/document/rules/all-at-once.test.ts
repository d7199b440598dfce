import { expect, it } from 'vitest';
import { checkDocument } from '../../../../src/http/document.js';
import { shopText } from '../../sample-document.js';

const errorsOf = (changes: Record<string, unknown>): string[] => {
  const checked = checkDocument({ ...shopText, ...changes });
  return checked.ok ? [] : checked.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
};

it('everything that is wrong between tenants, waves, gates, variables and policy is told at once', () => {
  expect(errorsOf({
    tenants: { acme: { regions: ['sidney'] } },
    variables: [{ name: 'PLAN', type: 'choice', options: ['bronze', 'gold'], values: [{ value: 'goold', tenant: 'acmee' }] }],
    metrics: { type: 'scrape', url: 'http://{{ region.name }}' },
    lifecycle: [
      { environment: 'staging', promotion: 'manual' },
      {
        environment: 'production',
        gates: [{ name: 'tonight', type: 'window', from: '01:00', to: '02:00' }, { name: 'calm', type: 'alerts' }],
        regionGates: [{ name: 'own', type: 'dependency', pipeline: 'shop', release: '{{ relase.version }}' }],
      },
    ],
    policy: { hotfix: { soak: '10s' } },
  })).toEqual([
    '/tenants/acme/regions/0: there is no region sidney; regions: virginia, sydney, frankfurt. Did you mean sydney?',
    '/lifecycle/0/promotion: manual, and no phase that every rollout has comes before staging: there would be nothing to promote. Write automatic; an approval gate asks a person too',
    '/lifecycle/1/gates/0/name: the name tonight is taken: it is the gate of rollouts that start with startAt: tonight. Choose another one',
    '/lifecycle/1/gates/0/timezone: missing: a phase has no time zone of its own; give one such as Europe/Berlin, or put the gate under regionGates',
    '/lifecycle/1/gates/1: calm reads the alerts of a Prometheus, and production has metrics of type scrape. Give metrics: { type: prometheus, url }',
    '/lifecycle/1/regionGates/0/pipeline: shop is this pipeline itself; name the one that it depends on',
    '/policy/hotfix/soak: 10s is too short for staging, which is looked at every 30s: two looks take 1m',
    '/policy/hotfix/soak: 10s is too short for production, which is looked at every 30s: two looks take 1m',
    '/variables/0/values/0/value: PLAN is one of bronze, gold; got "goold". Did you mean gold?',
    '/variables/0/values/0/tenant: there is no tenant acmee; tenants: acme. Did you mean acme?',
    '/lifecycle/1/regionGates/0/release: {{ relase.version }} is neither a variable of the pipeline nor built in; '
    + 'known: PLAN, region.name, tenant.name, environment, release.version. Did you mean release.version?',
    '/lifecycle/1/gates/1: the metrics of production need region.name, which only a region has, and before a phase there is none. Put the gate under regionGates',
  ]);
});

it('what is wrong in itself is told together with what is wrong between the rest, and hides nothing', () => {
  expect(errorsOf({
    regions: { sydney: { weight: 5, logo: 'http://logos.example/au.svg' } },
    lifecycle: [
      { environment: 'staging', waves: { order: 'smallest' } },
    ],
    soak: { min: '3h' },
    variables: [{ name: 'A', default: 1, values: [{ value: 2 }] }],
  })).toEqual([
    '/regions/sydney/logo: write the https address of a picture; got "http://logos.example/au.svg"',
    '/lifecycle/0/waves/order: allowed: smallest-first, rolling; got "smallest". Did you mean smallest-first?',
    '/soak/max: max is 2h and min is 3h: a soak cannot end before it is credited; raise max',
    '/variables/0/default: A has a value for every place besides: the default would never be used. Keep one',
  ]);
});
