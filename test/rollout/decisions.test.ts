import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionKinds } from '../../src/rollout/decision-kinds.js';
import { checkDecision, stuckRegion, waitingGate, type Deciding } from '../../src/rollout/decisions.js';
import type { MeridianFailure } from '../../src/rollout/failure.js';
import { moveRollout } from '../../src/rollout/rollout-states.js';
import type { Decision, DecisionKind } from '../../src/rollout/schema/decision.js';
import { ApprovalGate } from '../../src/rollout/schema/pipeline.js';
import type { RegionState, WaitingFor } from '../../src/rollout/schema/rollout.js';
import { isTerminal, rolloutStatuses } from '../../src/rollout/statuses.js';

const since = '2026-11-21T10:00:00.000Z';
const goNoGo: WaitingFor = { gate: 'go-no-go', type: 'approval', environment: 'production', since, needs: 'approval by sre' };
const quietIn = (region: string): WaitingFor => ({ ...goNoGo, gate: 'quiet', region });
const stuckIn = (environment: string, region: string): RegionState =>
  ({ environment, region, wave: 1, status: 'stuck', release: '1.1.0', previous: null, attempts: 1 });
const gate = (name: string): ApprovalGate => ApprovalGate.parse({ name, type: 'approval', roles: ['sre'], notStarter: true });

const rollout = (changes: Partial<Deciding> = {}): Deciding =>
  ({ status: 'running', waitingFor: [], regions: [], startedBy: 'ana', gateOf: (waiting) => gate(waiting.gate), ...changes });
const silent: Decision = { by: 'ben', roles: ['sre'] };
const ben: Decision = { ...silent, reason: 'because' };

type Refusal = Pick<MeridianFailure, 'code' | 'message'>;
function refused(of: Deciding, kind: DecisionKind, decision: Decision = ben): Refusal | undefined {
  try {
    checkDecision(of, kind, decision);
    return undefined;
  } catch (error) {
    const { code, message } = error as MeridianFailure;
    return { code, message };
  }
}
const refusedWith = (message: string): Refusal => ({ code: 'DecisionRefused', message });

describe('a decision that makes no sense now', () => {
  it('is refused with the status and with what can be done instead', () => {
    expect(refused(rollout(), 'resume')).toEqual(refusedWith('resume makes no sense now: the rollout is running. You can: pause, rollback, abort.'));
    expect(refused(rollout({ status: 'queued' }), 'rollback')).toEqual(refusedWith('rollback makes no sense now: the rollout is queued. You can: abort.'));
    expect(refused(rollout({ status: 'stuck', regions: [stuckIn('production', 'sydney')] }), 'resume'))
      .toEqual(refusedWith('resume makes no sense now: the rollout is stuck. You can: retry, skip, rollback, abort.'));
  });

  it('is never offered instead: no gate is answered where none waits', () => {
    expect(refused(rollout({ status: 'held' }), 'approve')).toEqual(refusedWith('approve makes no sense now: the rollout is held. You can: resume, rollback, abort.'));
    expect(refused(rollout({ status: 'held', waitingFor: [goNoGo] }), 'pause'))
      .toEqual(refusedWith('pause makes no sense now: the rollout is held. You can: approve, reject, resume, rollback, abort.'));
  });

  it('is every one once the rollout has ended', () => {
    for (const status of rolloutStatuses.filter(isTerminal)) {
      const ended = rollout({ status, waitingFor: [goNoGo], regions: [stuckIn('production', 'sydney')] });
      for (const kind of decisionKinds) expect(refused(ended, kind)).toEqual(refusedWith(`${kind} makes no sense any more: the rollout has ended as ${status}.`));
    }
  });

  it('is to stop a walk a second time: the first word stands, and the undo goes to its end', () => {
    expect(refused(rollout({ status: 'rolling-back', goal: 'rolled-back' }), 'abort')).toEqual(refusedWith(
      'abort makes no sense now: the rollout is rolling-back and will end as rolled-back. An undo is never stopped: wait for its end.',
    ));
    expect(refused(rollout({ status: 'stuck', goal: 'aborted', regions: [stuckIn('production', 'sydney')] }), 'rollback'))
      .toEqual(refusedWith('rollback makes no sense now: the rollout is stuck and will end as aborted. You can: retry, skip.'));
    expect(refused(rollout({ status: 'rolling-back' }), 'rollback')).toBeUndefined();
  });

  it('is never accepted, and one that is accepted always has a move, whatever the rollout looks like', () => {
    const states = fc.record({
      status: fc.constantFrom(...rolloutStatuses),
      goal: fc.constantFrom(undefined, 'rolled-back' as const, 'aborted' as const),
      waitingFor: fc.subarray([goNoGo, quietIn('sydney')]),
      regions: fc.subarray([stuckIn('staging', 'sydney'), stuckIn('production', 'sydney')]),
    });
    fc.assert(fc.property(states, fc.constantFrom(...decisionKinds), (state, kind) => {
      const isAccepted = refused(rollout(state), kind) === undefined;
      const makesSense = moveRollout(state.status, kind) !== undefined
        && (state.goal === undefined || (kind !== 'rollback' && kind !== 'abort'))
        && ((kind !== 'approve' && kind !== 'reject') || state.waitingFor.length === 1)
        && ((kind !== 'retry' && kind !== 'skip') || state.regions.length === 1);
      expect(isAccepted).toBe(makesSense);
    }));
  });
});

describe('a reason', () => {
  const anyStatus: Record<DecisionKind, Deciding> = {
    pause: rollout(), abort: rollout(), rollback: rollout(),
    resume: rollout({ status: 'paused' }),
    approve: rollout({ status: 'waiting', waitingFor: [goNoGo] }), reject: rollout({ status: 'waiting', waitingFor: [goNoGo] }),
    retry: rollout({ status: 'stuck', regions: [stuckIn('production', 'sydney')] }), skip: rollout({ status: 'stuck', regions: [stuckIn('production', 'sydney')] }),
  };

  it.each(['abort', 'rollback', 'reject', 'skip'] as const)('is asked of whoever takes %s', (kind) => {
    for (const decision of [silent, { ...silent, reason: '' }, { ...silent, reason: '  ' }]) {
      expect(refused(anyStatus[kind], kind, decision)).toEqual({
        code: 'InvalidRequest', message: `${kind} needs a reason: it is kept in the record. Send it as "reason".`,
      });
    }
    expect(refused(anyStatus[kind], kind)).toBeUndefined();
  });

  it.each(['pause', 'resume', 'approve', 'retry'] as const)('may be left out by whoever takes %s', (kind) => {
    expect(refused(anyStatus[kind], kind, silent)).toBeUndefined();
  });
});

describe('an answer to a gate', () => {
  it.each(['approve', 'reject'] as const)('is taken from who may give it: %s', (kind) => {
    const waiting = rollout({ status: 'waiting', waitingFor: [goNoGo] });
    expect(refused(waiting, kind)).toBeUndefined();
    expect(refused(waiting, kind, { ...ben, roles: ['developer'] })).toMatchObject({ code: 'RoleMissing' });
    expect(refused(waiting, kind, { ...ben, by: 'ana' })).toMatchObject({ code: 'StarterMayNotApprove' });
  });

  it('means the only gate that waits, or the one that it names', () => {
    expect(waitingGate({ waitingFor: [goNoGo] }, {})).toBe(goNoGo);
    const waitingFor = [goNoGo, quietIn('sydney'), quietIn('frankfurt')];
    expect(waitingGate({ waitingFor }, { gate: 'go-no-go' })).toBe(goNoGo);
    expect(waitingGate({ waitingFor }, { region: 'sydney' })).toBe(waitingFor[1]);
    expect(waitingGate({ waitingFor }, { gate: 'quiet', region: 'frankfurt' })).toBe(waitingFor[2]);
  });

  it('is refused when it is not clear which gate it means, or when that one does not wait', () => {
    const waitingFor = [goNoGo, quietIn('sydney'), quietIn('frankfurt')];
    expect(() => waitingGate({ waitingFor }, { gate: 'quiet' })).toThrow(
      'More than one gate waits for an answer; name the one you mean: quiet in production/sydney, quiet in production/frankfurt.',
    );
    expect(() => waitingGate({ waitingFor: [goNoGo, quietIn('sydney')] }, { gate: 'security' }))
      .toThrow('No such gate waits for an answer; waiting: go-no-go in production, quiet in production/sydney.');
  });
});

describe('an answer to a stuck undo', () => {
  const [staging, production, virginia] = [stuckIn('staging', 'sydney'), stuckIn('production', 'sydney'), stuckIn('production', 'virginia')];

  it('means the only region that is stuck, or the one that it names', () => {
    expect(stuckRegion({ regions: [production, { ...virginia, status: 'live' }] }, {})).toBe(production);
    expect(stuckRegion({ regions: [production, virginia] }, { region: 'virginia' })).toBe(virginia);
  });

  it('can tell two environments of one region apart, so that each gets its answer', () => {
    const regions = [staging, production];
    expect(() => stuckRegion({ regions }, { region: 'sydney' }))
      .toThrow('More than one region waits for an answer; name the one you mean: staging/sydney, production/sydney.');
    expect(stuckRegion({ regions }, { region: 'sydney', environment: 'production' })).toBe(production);
    expect(stuckRegion({ regions }, { environment: 'staging' })).toBe(staging);
  });

  it('is refused where that region is not stuck', () => {
    expect(() => stuckRegion({ regions: [production] }, { region: 'virginia' })).toThrow('No such region waits for an answer; waiting: production/sydney.');
    expect(() => stuckRegion({ regions: [{ ...virginia, status: 'live' }] }, { region: 'virginia' })).toThrow('No region waits for an answer.');
  });
});
