import { describe, expect, it } from 'vitest';
import { told, toldAt } from './told.js';

describe('a lifecycle', () => {
  it('has a phase that every rollout has', () => {
    expect(told({ lifecycle: [{ environment: 'staging', optional: true }] }))
      .toEqual(['/lifecycle: every phase is optional, so a rollout would have nowhere to go; take optional: true away from one']);
  });

  it('may have optional phases anywhere, also at its end', () => {
    expect(told({ lifecycle: [{ environment: 'load', optional: true }, { environment: 'production' }, { environment: 'dr', optional: true, promotion: 'manual' }] })).toEqual([]);
  });

  it('begins by itself: there must be something to promote', () => {
    expect(told({ lifecycle: [{ environment: 'staging', promotion: 'manual' }, { environment: 'production' }] })).toEqual([
      '/lifecycle/0/promotion: manual, and no phase that every rollout has comes before staging: there would be nothing to promote. '
      + 'Write automatic; an approval gate asks a person too',
    ]);
    expect(toldAt({ lifecycle: [{ environment: 'load', optional: true, promotion: 'manual' }, { environment: 'staging', promotion: 'manual' }, { environment: 'production', promotion: 'manual' }] }))
      .toEqual(['/lifecycle/0/promotion', '/lifecycle/1/promotion']);
  });
});
