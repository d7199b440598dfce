import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rollbackOrder, undoOrder, type RegionUndo, type Undoable } from '../../../src/rollout/states/undo.js';

const deployOf = (version: string): RegionUndo => ({ step: 'deploy', from: { version }, previous: null, key: `key-${version}` });
const finished = (place: string, wave: number, undo = [deployOf('1.1.0')]): Undoable => {
  const [environment, region] = place.split('/');
  return { environment: environment!, region: region!, wave, undo };
};
const places = (groups: Undoable[][]): string[][] => groups.map((group) => group.map(({ environment, region }) => `${environment}/${region}`));

describe('the undos of a region', () => {
  it('run in the reverse order of its steps', () => {
    const steps = [deployOf('1'), deployOf('2'), deployOf('3')];
    expect(undoOrder(steps)).toEqual([deployOf('3'), deployOf('2'), deployOf('1')]);
    expect(steps[0]).toEqual(deployOf('1'));
  });
});

describe('a rollback', () => {
  it('takes the last wave back first, and the regions of one wave together', () => {
    expect(places(rollbackOrder([
      finished('staging/frankfurt', 1), finished('production/sydney', 1), finished('production/dublin', 2), finished('production/frankfurt', 2),
      finished('production/virginia', 3),
    ]))).toEqual([
      ['production/virginia'], ['production/dublin', 'production/frankfurt'], ['production/sydney'], ['staging/frankfurt'],
    ]);
  });

  it('takes the tenants of one wave back together', () => {
    const [acme, globex] = ['acme', 'globex'].map((tenant) => ({ ...finished('production/sydney', 1), tenant }));
    expect(rollbackOrder([acme!, globex!, finished('production/virginia', 2)])).toEqual([[finished('production/virginia', 2)], [acme, globex]]);
  });

  it('keeps waves of the same number in two environments apart', () => {
    expect(places(rollbackOrder([finished('staging/sydney', 1), finished('production/sydney', 1)]))).toEqual([['production/sydney'], ['staging/sydney']]);
  });

  it('leaves out regions that have nothing to undo', () => {
    expect(places(rollbackOrder([finished('staging/frankfurt', 1), finished('production/sydney', 1, [])]))).toEqual([['staging/frankfurt']]);
    expect(rollbackOrder([finished('staging/frankfurt', 1, [])])).toEqual([]);
  });

  it('covers each region with an undo exactly once, and never goes back to an earlier wave before a later one is done', () => {
    const waves = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { maxLength: 6 });
    fc.assert(fc.property(waves, (sizes) => {
      const all = sizes.flatMap((wave, number) =>
        wave.map((hasUndo, index) => finished(`production/r${number}-${index}`, number + 1, hasUndo ? undefined : [])));
      const order = rollbackOrder(all).flat();
      expect(order.toSorted(byName)).toEqual(all.filter(({ undo }) => undo.length > 0).toSorted(byName));
      order.slice(1).forEach((each, index) => expect(each.wave).toBeLessThanOrEqual(order[index]!.wave));
    }));
  });

  const byName = (a: Undoable, b: Undoable): number => a.region.localeCompare(b.region);
});
