import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import { gateKey, gateNeeds, mayAnswer } from '../../../src/rollout/control/gates.js';
import { ApprovalGate, Gate } from '../../../src/rollout/schema/gate.js';

const gate = (changes: Record<string, unknown> = {}): ApprovalGate =>
  ApprovalGate.parse({ name: 'go-no-go', type: 'approval', roles: ['release-manager', 'sre'], ...changes });

describe('what a gate needs, in words', () => {
  it('names the roles and the time, and that the starter may not answer where the document says so', () => {
    expect(gateNeeds(gate())).toBe('approval by release-manager or sre, within 1d');
    expect(gateNeeds(gate({ roles: ['sre'], notStarter: true, timeout: '90m' })))
      .toBe('approval by sre, not by the person who started the rollout, within 1h 30m');
    expect(gateNeeds(gate({ roles: ['sre'], approvals: 2 }))).toBe('approval of 2 different people, each by sre, within 1d');
  });

  it.each([
    [{ type: 'window', from: '01:00', to: '05:00' }, "01:00 to 05:00 in the region's own time"],
    [{ type: 'window', from: '22:00', to: '04:00', days: ['fri', 'sat'], timezone: 'Europe/Berlin' }, '22:00 to 04:00 on fri, sat in Europe/Berlin'],
    [{ type: 'window', offPeak: true }, 'the off-peak hours of the region'],
    [{ type: 'metric', query: 'max(pg_replication_lag)', max: 10 }, 'a value of at most 10, within 1d'],
    [{ type: 'metric', query: 'spare_slots', min: 1, max: 99, timeout: '2h' }, 'a value of at least 1 and at most 99, within 2h'],
    [{ type: 'alerts' }, 'no firing alert, within 1d'],
    [{ type: 'alerts', labels: { severity: 'page', team: 'payments' } }, 'no firing alert with severity="page", team="payments", within 1d'],
    [{ type: 'dependency', pipeline: 'ledger' }, 'ledger to be verified here, within 1d'],
    [{ type: 'dependency', pipeline: 'ledger', release: '2.1.0', environment: 'staging' }, 'ledger 2.1.0 to be verified in staging, within 1d'],
    [{ type: 'webhook', url: 'https://change.example/?token=hidden' }, 'its webhook to answer open, within 1d'],
  ])('says what must be so, and never an address: %j', (shape, needs) => {
    expect(gateNeeds(Gate.parse({ name: 'load', ...shape }))).toBe(needs);
  });

  it('ends with what was seen last, where somebody has looked; of a window that is when it opens, which is said apart', () => {
    expect(gateNeeds(Gate.parse({ name: 'quiet', type: 'window', from: '01:00', to: '05:00' }), 'quiet opens at 14:00')).toBe("01:00 to 05:00 in the region's own time");
    expect(gateNeeds(Gate.parse({ name: 'load', type: 'metric', query: 'load', max: 10 }), 'load is 34')).toBe('a value of at most 10, within 1d; seen last: load is 34');
  });
});

describe('the key of a gate', () => {
  it('names the phase, the wave, the region or the tenant that it stands at', () => {
    expect(gateKey({ environment: 'production', gate: 'go' })).toBe('production/go');
    expect(gateKey({ environment: 'production', wave: 2, gate: 'go' })).toBe('production/wave 2/go');
    expect(gateKey({ environment: 'production', region: 'sydney', gate: 'go' })).toBe('production/sydney/go');
    expect(gateKey({ environment: 'production', region: 'sydney', tenant: 'acme', gate: 'go' })).toBe('production/sydney/acme/go');
  });

  it('is that of its region whatever wave the region is in', () => {
    expect(gateKey({ environment: 'production', wave: 2, region: 'sydney', gate: 'go' })).toBe('production/sydney/go');
  });

  it('is the same for no two gates', () => {
    const names = fc.constantFrom('a', 'b', 'wave-2', '2');
    const gates = fc.record({ environment: names, wave: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }), region: fc.option(names, { nil: undefined }), gate: names })
      .chain((place) => fc.option(names, { nil: undefined }).map((tenant) => ({ ...place, tenant: place.region === undefined ? undefined : tenant })))
      .map((place) => ({ ...place, wave: place.region === undefined ? place.wave : undefined }));
    fc.assert(fc.property(gates, gates, (one, other) => {
      expect(gateKey(one) === gateKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }), { numRuns: 2_000 });
  });
});

describe('who may answer a gate', () => {
  const refused = (by: string, roles: string[], of = gate()): Pick<MeridianFailure, 'code' | 'message'> | undefined => {
    try {
      mayAnswer(of, { by, roles }, 'ana');
      return undefined;
    } catch (error) {
      const { code, message } = error as MeridianFailure;
      return { code, message };
    }
  };

  it('is whoever has one of the roles, the starter too unless the gate says otherwise', () => {
    expect(refused('ben', ['sre'])).toBeUndefined();
    expect(refused('ben', ['developer', 'release-manager'])).toBeUndefined();
    expect(refused('ana', ['sre'])).toBeUndefined();
  });

  it('is the local operator, whose role is every role', () => {
    expect(refused('operator', ['*'])).toBeUndefined();
  });

  it('is nobody else, and the refusal says which role is missing', () => {
    expect(refused('ben', ['developer', 'tester'])).toEqual({
      code: 'RoleMissing', message: 'go-no-go needs the role release-manager or sre; ben has developer, tester.',
    });
    expect(refused('ben', [])).toEqual({ code: 'RoleMissing', message: 'go-no-go needs the role release-manager or sre; ben has none.' });
  });

  it('is never who started the rollout where the gate wants a second person, whatever roles they have', () => {
    const second = gate({ notStarter: true });
    for (const roles of [['sre'], ['*']]) {
      expect(refused('ana', roles, second)).toEqual({
        code: 'StarterMayNotApprove', message: 'go-no-go needs a second person: ana started this rollout.',
      });
    }
    expect(refused('ben', ['sre'], second)).toBeUndefined();
  });
});
