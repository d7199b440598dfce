import { describe, expect, it } from 'vitest';
import { refuseDrift, type UndoPath } from '../../../src/rollout/states/undo-drift.js';

const place = { environment: 'production', region: 'sydney', tenant: 'acme' };
const path: UndoPath = { from: { version: '1.1.0' }, to: { version: '0.9.0' }, previous: '1.0.0', overwrite: false };

const undo = (found: string | null, change: Partial<UndoPath> = {}) => () => refuseDrift(place, { ...path, ...change }, found === null ? null : { version: found });

describe('an undo', () => {
  it.each(['1.1.0', '0.9.0', '1.0.0', null])('may find %s: taken away, put back, there before, or crashed', (found) => {
    expect(undo(found)).not.toThrow();
  });

  it('leaves a release alone that nobody of this rollout has put there, and says where and what', () => {
    expect(undo('1.0.1-hotfix')).toThrow('production/sydney/acme runs 1.0.1-hotfix, which is neither 1.1.0, to be taken away, nor 0.9.0, to be put back');
    expect(undo('1.0.0', { previous: null })).toThrow(expect.objectContaining({ code: 'Drift', retryable: false }));
    expect(undo('2.0.0', { to: null, previous: null })).toThrow('nor nothing, to be put back');
  });

  it('overwrites it when a person wants that', () => {
    expect(undo('1.0.1-hotfix', { overwrite: true })).not.toThrow();
  });
});
