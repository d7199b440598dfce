import { describe, expect, it } from 'vitest';
import type { MeridianFailure } from '../../src/rollout/failure.js';
import { gateNeeds, mayAnswer } from '../../src/rollout/gates.js';
import { ApprovalGate } from '../../src/rollout/schema/pipeline.js';

const gate = (changes: Record<string, unknown> = {}): ApprovalGate =>
  ApprovalGate.parse({ name: 'go-no-go', type: 'approval', roles: ['release-manager', 'sre'], ...changes });

describe('what a gate needs, in words', () => {
  it('names the roles and the time, and that the starter may not answer where the document says so', () => {
    expect(gateNeeds(gate())).toBe('approval by release-manager or sre, within 1d');
    expect(gateNeeds(gate({ roles: ['sre'], notStarter: true, timeout: '90m' })))
      .toBe('approval by sre, not by the person who started the rollout, within 1h 30m');
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
