import { expect, it } from 'vitest';
import { told } from './told.js';

it('a region that no wave names is told of, and not that which is only mistyped', () => {
  expect(told({ lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: [['sydney', 'frankfurt']] }] }))
    .toEqual(['/regions/virginia: no phase ships to virginia: none of the waves names it. Put it into a wave, or take the region out']);
  expect(told({ lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt'], ['virgina']] }] }))
    .toEqual(['/lifecycle/0/waves/1/0: there is no region virgina; regions: virginia, sydney, frankfurt. Did you mean virginia?']);
  expect(told({ lifecycle: [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: 'all' }] })).toEqual([]);
});
