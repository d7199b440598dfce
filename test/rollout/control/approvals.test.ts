import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalsOf, isApproved, type Approval } from '../../../src/rollout/control/approvals.js';
import { ApprovalGate } from '../../../src/rollout/schema/gate.js';

const [plan, changed] = ['a'.repeat(64), 'b'.repeat(64)];
const yes = (by: string, changes: Partial<Approval> = {}): Approval => ({ gate: 'production/go-no-go', by, at: '2026-11-21T10:00:00.000Z', plan, ...changes });
const gate = (approvals: number): ApprovalGate => ApprovalGate.parse({ name: 'go-no-go', type: 'approval', roles: ['sre'], approvals });

describe('the approvals of a gate', () => {
  it('are those of this gate alone', () => {
    const all = [yes('ana'), yes('ben', { gate: 'staging/go-no-go' }), yes('cem', { gate: 'production/sydney/go-no-go' })];
    expect(approvalsOf(all, 'production/go-no-go', plan)).toEqual([yes('ana')]);
  });

  it('are void once the plan has changed, and count again only when they are given again', () => {
    expect(approvalsOf([yes('ana'), yes('ben')], 'production/go-no-go', changed)).toEqual([]);
    expect(approvalsOf([yes('ana'), yes('ana', { plan: changed })], 'production/go-no-go', changed)).toEqual([yes('ana', { plan: changed })]);
  });
});

describe('a gate', () => {
  it('is approved by one person unless it says otherwise', () => {
    expect(isApproved(gate(1), [])).toBe(false);
    expect(isApproved(gate(1), [yes('ana')])).toBe(true);
  });

  it('that wants several people is not opened by one who says yes several times', () => {
    expect(isApproved(gate(2), [yes('ana'), yes('ana')])).toBe(false);
    expect(isApproved(gate(2), [yes('ana'), yes('ana'), yes('ben')])).toBe(true);
  });

  it('is approved exactly when as many different people as it wants have said yes', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom('ana', 'ben', 'cem', 'dee'), { maxLength: 8 }), (wanted, people) => {
      expect(isApproved(gate(wanted), people.map((by) => yes(by)))).toBe(people.filter((by, index) => people.indexOf(by) === index).length >= wanted);
    }));
  });
});
