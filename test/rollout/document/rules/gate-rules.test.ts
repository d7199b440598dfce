import { describe, expect, it } from 'vitest';
import { production, told, toldAt } from './told.js';

const approval = (name: string) => ({ name, type: 'approval', roles: ['lead'] });
const hours = { name: 'quiet', type: 'window', from: '01:00', to: '05:00' };
const lag = { name: 'lag', type: 'metric', query: 'lag', max: 10 };
const alerts = { name: 'calm', type: 'alerts' };
const prometheus = { type: 'prometheus', url: 'http://prometheus:9090' };
const scrape = { type: 'scrape', url: 'http://metrics' };

describe('the name of a gate', () => {
  it('means one gate in its environment, wherever it stands', () => {
    const phase = { gates: [approval('go')], waveGates: [approval('go')], regionGates: [approval('go'), approval('on')] };
    expect(told({ lifecycle: [{ environment: 'staging', ...phase }, { ...production, gates: [approval('go')] }] })).toEqual([
      '/lifecycle/0/waveGates/0/name: the gate go stands here a second time; name each once',
      '/lifecycle/0/regionGates/0/name: the gate go stands here a second time; name each once',
    ]);
  });

  it('is not that of rollouts that start tonight', () => {
    expect(told({ lifecycle: [{ ...production, gates: [approval('tonight')] }] }))
      .toEqual(['/lifecycle/0/gates/0/name: the name tonight is taken: it is the gate of rollouts that start with startAt: tonight. Choose another one']);
  });
});

describe('a window', () => {
  it('before a region has the hours and the clock of the region', () => {
    expect(told({ lifecycle: [{ ...production, regionGates: [hours, { name: 'night', type: 'window', offPeak: true }] }] })).toEqual([]);
  });

  it.each(['gates', 'waveGates'])('under %s needs a time zone, and has no quiet hours', (where) => {
    expect(toldAt({ lifecycle: [{ ...production, [where]: [hours] }] })).toEqual([`/lifecycle/0/${where}/0/timezone`]);
    expect(toldAt({ lifecycle: [{ ...production, [where]: [{ ...hours, timezone: 'Europe/Berlin' }] }] })).toEqual([]);
    expect(toldAt({ lifecycle: [{ ...production, [where]: [{ name: 'night', type: 'window', offPeak: true, timezone: 'Europe/Berlin' }] }] }))
      .toEqual([`/lifecycle/0/${where}/0/offPeak`]);
  });
});

describe('a gate that looks at numbers', () => {
  it('has somebody to ask, in its own phase', () => {
    expect(told({ lifecycle: [{ ...production, regionGates: [lag] }] }))
      .toEqual(['/lifecycle/0/regionGates/0: production has no source of metrics that lag could ask. Give metrics: { type: prometheus, scrape or webhook, url }']);
    expect(told({ lifecycle: [{ ...production, regionGates: [lag] }], metrics: scrape })).toEqual([]);
    expect(told({ lifecycle: [{ ...production, waveGates: [lag], metrics: prometheus }, { environment: 'dr', gates: [lag] }] }).length).toBe(1);
  });

  it('reads alerts of a Prometheus only', () => {
    const phase = { ...production, gates: [alerts] };
    expect(told({ lifecycle: [phase] })).toEqual(['/lifecycle/0/gates/0: calm reads the alerts of a Prometheus, and production has no metrics. Give metrics: { type: prometheus, url }']);
    expect(told({ lifecycle: [phase], metrics: scrape }))
      .toEqual(['/lifecycle/0/gates/0: calm reads the alerts of a Prometheus, and production has metrics of type scrape. Give metrics: { type: prometheus, url }']);
    expect(told({ lifecycle: [{ ...phase, metrics: prometheus }], metrics: scrape })).toEqual([]);
    expect(toldAt({ lifecycle: [{ ...phase, metrics: scrape }], metrics: prometheus })).toEqual(['/lifecycle/0/gates/0']);
  });

  it('can open', () => {
    expect(told({ lifecycle: [{ ...production, gates: [{ ...lag, min: 11 }] }], metrics: prometheus }))
      .toEqual(['/lifecycle/0/gates/0/min: min is 11 and max is 10: lag could never open']);
    expect(told({ lifecycle: [{ ...production, gates: [{ ...lag, min: 10 }] }], metrics: prometheus })).toEqual([]);
  });
});

it('a dependency is another pipeline', () => {
  const gate = { name: 'ledger', type: 'dependency', pipeline: 'ledger' };
  expect(told({ lifecycle: [{ ...production, gates: [gate] }] })).toEqual([]);
  expect(told({ lifecycle: [{ ...production, waveGates: [{ ...gate, pipeline: 'shop' }] }] }))
    .toEqual(['/lifecycle/0/waveGates/0/pipeline: shop is this pipeline itself; name the one that it depends on']);
});
