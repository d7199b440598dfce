import { describe, expect, it } from 'vitest';
import { limits } from '../../../../src/rollout/limits.js';
import { told } from './told.js';

const regions = { sydney: { weight: 5, pair: 'virginia' }, virginia: { weight: 65 }, frankfurt: { weight: 30 } };

describe('waves', () => {
  it('that are written down never hold a failover pair, whichever of the two names the other', () => {
    const message = 'are a failover pair and change in one wave of production: neither could take over from the other.';
    expect(told({ regions, lifecycle: [{ environment: 'production', waves: [['frankfurt'], ['sydney', 'virginia']] }] }))
      .toEqual([`/lifecycle/0/waves/1/1: sydney and virginia ${message} Put virginia into a wave of its own`]);
    expect(told({ regions, lifecycle: [{ environment: 'production', waves: [['virginia', 'frankfurt', 'sydney']] }] }))
      .toEqual([`/lifecycle/0/waves/0/2: virginia and sydney ${message} Put sydney into a wave of its own`]);
    const both = { ...regions, virginia: { weight: 65, pair: 'sydney' } };
    expect(told({ regions: both, lifecycle: [{ environment: 'production', waves: [['virginia', 'sydney', 'frankfurt']] }] }))
      .toEqual([`/lifecycle/0/waves/0/1: virginia and sydney ${message} Put sydney into a wave of its own`]);
    expect(told({ regions: both, lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt'], ['virginia']] }] })).toEqual([]);
  });

  it('that are computed are as few as those that are written down', () => {
    const many = Object.fromEntries(Array.from({ length: limits.waves + 1 }, (_, index) => [`r${index}`, { weight: 1 }]));
    expect(told({ regions: many })).toEqual(
      [0, 1].map((phase) => `/lifecycle/${phase}/waves: 51 waves for 51 regions; a phase has at most 50. Give larger sizes, such as sizes: [1, 5, 20]`));
    expect(told({ regions: many, lifecycle: [{ environment: 'production', waves: { order: 'smallest-first', sizes: [1, 1, 'rest'] } }] })).toEqual([]);
    expect(told({ regions: many, lifecycle: [{ environment: 'production', waves: { order: 'rolling', concurrency: 5 } }] })).toEqual([]);
  });

  it('that roll have one number of regions at once', () => {
    const rolling = { environment: 'production', waves: { order: 'rolling', concurrency: 2 } };
    expect(told({ lifecycle: [{ ...rolling, concurrency: 3 }] }))
      .toEqual(["/lifecycle/0/concurrency: concurrency is 3 here and 2 in the rolling waves: the waves' own counts. Leave this one out"]);
    expect(told({ lifecycle: [rolling, { environment: 'dr', waves: 'all', concurrency: 3 }, { environment: 'x', concurrency: 3 }] })).toEqual([]);
  });
});
