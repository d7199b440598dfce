import { describe, expect, it } from 'vitest';
import { DecisionKind, DecisionRequest } from '../../../src/rollout/schema/decision.js';

describe('what a person sends with a decision', () => {
  it('may be nothing, or a reason and what is meant', () => {
    const whole = { reason: 'the metrics look odd', gate: 'go-no-go', region: 'sydney', environment: 'production', tenant: 'acme', plan: 'a'.repeat(64) };
    expect(DecisionRequest.parse({})).toEqual({});
    expect(DecisionRequest.parse(whole)).toEqual(whole);
  });

  it('is never who they are, or which roles they have: that is not theirs to say', () => {
    expect(DecisionRequest.safeParse({ by: 'root' }).success).toBe(false);
    expect(DecisionRequest.safeParse({ roles: ['*'] }).success).toBe(false);
  });

  it.each([{ reason: '' }, { reason: 'x'.repeat(2_001) }, { reason: 5 }, { gate: 'Go No Go' }, { region: 'production/sydney' }])('is refused as %j', (request) => {
    expect(DecisionRequest.safeParse(request).success).toBe(false);
  });

  it('is one of ten decisions', () => {
    expect(DecisionKind.options).toEqual(['pause', 'resume', 'approve', 'reject', 'abort', 'rollback', 'retry', 'skip', 'promote', 'override']);
  });
});
