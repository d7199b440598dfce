import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionKinds } from '../../../src/rollout/control/decision-kinds.js';
import type { Approval } from '../../../src/rollout/control/approvals.js';
import { checkDecision, drainedRegion, soakAsking, stuckRegion, waitingGate, type Deciding } from '../../../src/rollout/control/decisions.js';
import type { MeridianFailure } from '../../../src/rollout/failure.js';
import { moveRollout } from '../../../src/rollout/states/rollout-states.js';
import type { Decision, DecisionKind } from '../../../src/rollout/schema/decision.js';
import { Gate } from '../../../src/rollout/schema/gate.js';
import type { RegionState, WaitingFor } from '../../../src/rollout/schema/rollout.js';
import { isTerminal, rolloutStatuses } from '../../../src/rollout/states/statuses.js';

const since = '2026-11-21T10:00:00.000Z';
const goNoGo: WaitingFor = { gate: 'go-no-go', type: 'approval', environment: 'production', since, needs: 'approval by sre' };
const quietIn = (region: string): WaitingFor => ({ ...goNoGo, gate: 'quiet', region });
const stuckIn = (environment: string, region: string): RegionState =>
  ({ environment, region, wave: 1, status: 'stuck', release: '1.1.0', previous: null, attempts: 1 });
const drained = (region: string): WaitingFor => ({ gate: region, type: 'drained', environment: 'production', region, since, needs: 'drained' });
const load: WaitingFor = { ...goNoGo, gate: 'load', type: 'metric', wave: 2 };
const frozen: WaitingFor = { ...goNoGo, gate: 'black-friday', type: 'freeze' };
const gate = (name: string, changes: Record<string, unknown> = {}): Gate =>
  Gate.parse({ name, type: 'approval', roles: ['sre'], notStarter: true, ...changes });

const [plan, otherPlan] = ['a'.repeat(64), 'b'.repeat(64)];
const rollout = (changes: Partial<Deciding> = {}): Deciding => ({
  status: 'running', waitingFor: [], regions: [], startedBy: 'ana', plan, approvals: [], overrideRoles: ['admin'], next: null,
  gateOf: (waiting) => gate(waiting.gate), ...changes,
});
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
      .toEqual(refusedWith('pause makes no sense now: the rollout is held. You can: approve, reject, override, resume, rollback, abort.'));
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
      waitingFor: fc.subarray([goNoGo, quietIn('sydney'), load, frozen, drained('oslo'), drained('virginia')]),
      regions: fc.subarray([stuckIn('staging', 'sydney'), stuckIn('production', 'sydney')]),
      next: fc.constantFrom(null, 'production'),
      promoteTo: fc.constantFrom(undefined, 'production'),
    });
    const admin = { ...ben, roles: ['sre', 'admin'] };
    fc.assert(fc.property(states, fc.constantFrom(...decisionKinds), (state, kind) => {
      const isAccepted = refused(rollout(state), kind, admin) === undefined;
      const count = (...types: WaitingFor['type'][]): number => state.waitingFor.filter(({ type }) => types.includes(type)).length;
      const isMeant: Record<DecisionKind, boolean> = {
        pause: true, resume: true,
        rollback: state.goal === undefined, abort: state.goal === undefined,
        approve: count('approval') === 1, reject: count('approval') === 1, override: count('approval', 'metric') === 1,
        retry: state.regions.length === 1, skip: state.status === 'stuck' ? state.regions.length === 1 : count('drained') === 1,
        promote: state.next !== null && state.promoteTo === undefined,
      };
      expect(isAccepted).toBe(moveRollout(state.status, kind) !== undefined && isMeant[kind]);
    }), { numRuns: 1_000 });
  });
});

describe('a reason', () => {
  const anyStatus: Record<DecisionKind, Deciding> = {
    pause: rollout(), abort: rollout(), rollback: rollout(),
    resume: rollout({ status: 'paused' }),
    approve: rollout({ status: 'waiting', waitingFor: [goNoGo] }), reject: rollout({ status: 'waiting', waitingFor: [goNoGo] }),
    retry: rollout({ status: 'stuck', regions: [stuckIn('production', 'sydney')] }), skip: rollout({ status: 'stuck', regions: [stuckIn('production', 'sydney')] }),
    promote: rollout({ next: 'production' }), override: rollout({ status: 'waiting', waitingFor: [load], overrideRoles: ['sre'] }),
  };

  it.each(['abort', 'rollback', 'reject', 'skip', 'override'] as const)('is asked of whoever takes %s', (kind) => {
    for (const decision of [silent, { ...silent, reason: '' }, { ...silent, reason: '  ' }]) {
      expect(refused(anyStatus[kind], kind, decision)).toEqual({
        code: 'InvalidRequest', message: `${kind} needs a reason: it is kept in the record. Send it as "reason".`,
      });
    }
    expect(refused(anyStatus[kind], kind)).toBeUndefined();
  });

  it.each(['pause', 'resume', 'approve', 'retry', 'promote'] as const)('may be left out by whoever takes %s', (kind) => {
    expect(refused(anyStatus[kind], kind, silent)).toBeUndefined();
  });
});

describe('an answer to a gate', () => {
  it.each(['approve', 'reject'] as const)('is taken from who may give it: %s', (kind) => {
    const waiting = rollout({ status: 'waiting', waitingFor: [goNoGo] });
    expect(refused(waiting, kind)).toBeUndefined();
    expect(refused(waiting, kind, { ...ben, roles: ['developer'] })).toMatchObject({ code: 'RoleMissing' });
    // Whoever started it may call it off as anybody may, and not say yes to it.
    expect(refused(waiting, kind, { ...ben, by: 'ana' })?.code).toBe(kind === 'approve' ? 'StarterMayNotApprove' : undefined);
  });

  it('means the only approval that waits, or the one that it names', () => {
    expect(waitingGate({ status: 'waiting', regions: [], waitingFor: [load, goNoGo, frozen, drained('oslo')] }, 'approve', {})).toBe(goNoGo);
    const acme = { ...quietIn('oslo'), tenant: 'acme' };
    const waitingFor = [goNoGo, quietIn('sydney'), quietIn('frankfurt'), acme];
    expect(waitingGate({ status: 'waiting', regions: [], waitingFor }, 'reject', { gate: 'go-no-go' })).toBe(goNoGo);
    expect(waitingGate({ status: 'waiting', regions: [], waitingFor }, 'approve', { region: 'sydney' })).toBe(waitingFor[1]);
    expect(waitingGate({ status: 'waiting', regions: [], waitingFor }, 'approve', { gate: 'quiet', region: 'frankfurt' })).toBe(waitingFor[2]);
    expect(waitingGate({ status: 'waiting', regions: [], waitingFor }, 'approve', { tenant: 'acme' })).toBe(acme);
  });

  it('is refused when it is not clear which gate it means, or when that one does not wait for a person', () => {
    const waitingFor = [goNoGo, quietIn('sydney'), { ...quietIn('frankfurt'), tenant: 'acme' }];
    expect(() => waitingGate({ status: 'waiting', regions: [], waitingFor }, 'approve', { gate: 'quiet' })).toThrow(
      'More than one gate waits for an answer; name the one you mean: quiet in production/sydney, quiet in production/frankfurt/acme.',
    );
    expect(() => waitingGate({ status: 'waiting', regions: [], waitingFor: [goNoGo, load] }, 'approve', { gate: 'load' })).toThrow('No such gate waits for an answer; waiting: go-no-go in production.');
    expect(refused(rollout({ status: 'waiting', waitingFor: [load, frozen] }), 'approve'))
      .toEqual(refusedWith('approve makes no sense now: the rollout is waiting. You can: override, pause, rollback, abort.'));
  });

  it('is not taken for a gate that nobody knows: it would let anybody through', () => {
    expect(refused(rollout({ status: 'waiting', waitingFor: [goNoGo], gateOf: () => undefined }), 'approve')).toMatchObject({ code: 'Internal' });
  });
});

describe('an approval', () => {
  const yes = (by: string, changes: Partial<Approval> = {}): Approval => ({ gate: 'production/go-no-go', by, at: since, plan, ...changes });
  const waiting = (approvals: Approval[]): Deciding => rollout({ status: 'waiting', waitingFor: [goNoGo], approvals, gateOf: () => gate('go-no-go', { approvals: 2 }) });

  it('counts once for each person: the second must come from somebody else', () => {
    expect(refused(waiting([yes('ben')]), 'approve')).toEqual(refusedWith('ben has approved go-no-go already; it takes different people.'));
    expect(refused(waiting([yes('ben')]), 'approve', { ...ben, by: 'cem' })).toBeUndefined();
    expect(refused(waiting([yes('ben', { gate: 'staging/go-no-go' })]), 'approve')).toBeUndefined();
  });

  it('may be taken back by a no of the same person', () => {
    expect(refused(waiting([yes('ben')]), 'reject')).toBeUndefined();
  });

  it('is for the plan that the person has looked at, and no other', () => {
    expect(refused(waiting([]), 'approve', { ...ben, plan })).toBeUndefined();
    expect(refused(waiting([]), 'approve', { ...ben, plan: otherPlan })).toEqual({
      code: 'PlanChanged', message: 'The plan that was looked at (bbbbbbbbbbbb) is not the plan any more (aaaaaaaaaaaa). Look at it again, then approve.',
    });
  });

  it('is given again when the plan has changed since', () => {
    expect(refused(waiting([yes('ben', { plan: otherPlan })]), 'approve')).toBeUndefined();
  });
});

describe('an override', () => {
  const waiting = (...waitingFor: WaitingFor[]): Deciding => rollout({ status: 'waiting', waitingFor });
  const admin: Decision = { ...ben, roles: ['admin'] };

  it('opens a gate of any kind for whoever has the role, the starter too', () => {
    for (const type of ['approval', 'window', 'metric', 'alerts', 'dependency', 'webhook'] as const) {
      expect(refused(waiting({ ...load, type }), 'override', { ...admin, by: 'ana' })).toBeUndefined();
    }
    expect(refused(waiting(load), 'override', { ...ben, roles: ['*'] })).toBeUndefined();
    expect(refused(waiting(load), 'override')).toEqual({ code: 'RoleMissing', message: 'Passing over load needs the role admin; ben has sre.' });
  });

  it('means one gate: where several wait it names it', () => {
    expect(refused(waiting(load, goNoGo), 'override', admin))
      .toEqual(refusedWith('More than one gate waits for an answer; name the one you mean: load in wave 2 of production, go-no-go in production.'));
    expect(refused(waiting(load, goNoGo), 'override', { ...admin, gate: 'load' })).toBeUndefined();
  });

  it('is never one of a freeze: whoever holds it lifts it', () => {
    expect(refused(waiting(frozen), 'override', admin)).toEqual(refusedWith(
      'override makes no sense now: nobody overrides the freeze black-friday, whoever holds it lifts it. You can: pause, rollback, abort.',
    ));
    expect(refused(waiting(frozen, load), 'override', { ...admin, gate: 'black-friday' }))
      .toEqual(refusedWith('No such gate waits for an answer; waiting: load in wave 2 of production.'));
    expect(refused(waiting(drained('oslo')), 'override', admin))
      .toEqual(refusedWith('override makes no sense now: the rollout is waiting. You can: pause, skip, rollback, abort.'));
  });
});

describe('a promotion', () => {
  it('makes sense while the rollout goes on, and the lifecycle does too', () => {
    for (const status of ['running', 'waiting', 'paused', 'held'] as const) expect(refused(rollout({ status, next: 'production' }), 'promote')).toBeUndefined();
    expect(refused(rollout({ status: 'queued', next: 'production' }), 'promote'))
      .toEqual(refusedWith('promote makes no sense now: the rollout is queued. You can: abort.'));
  });

  it('is refused at the end of the lifecycle, and when somebody has asked for it before', () => {
    expect(refused(rollout({ next: null }), 'promote'))
      .toEqual(refusedWith('promote makes no sense now: the lifecycle ends with this walk. You can: pause, rollback, abort.'));
    expect(refused(rollout({ next: 'production', promoteTo: 'production' }), 'promote'))
      .toEqual(refusedWith('promote makes no sense now: the release goes on to production already. You can: pause, rollback, abort.'));
  });
});

describe('skipping a drained region', () => {
  const waitingFor = [drained('oslo'), drained('virginia'), goNoGo];

  it('means the only one that is drained, or the one that it names', () => {
    expect(drainedRegion({ waitingFor: [goNoGo, drained('oslo')] }, {})).toEqual(drained('oslo'));
    expect(drainedRegion({ waitingFor }, { region: 'virginia' })).toBe(waitingFor[1]);
    expect(refused(rollout({ status: 'paused', waitingFor }), 'skip', { ...ben, region: 'oslo' })).toBeUndefined();
  });

  it('is refused where it is not clear which, or where that one is not drained', () => {
    expect(refused(rollout({ status: 'waiting', waitingFor }), 'skip'))
      .toEqual(refusedWith('More than one region waits for an answer; name the one you mean: production/oslo, production/virginia.'));
    expect(refused(rollout({ status: 'waiting', waitingFor: [drained('oslo')] }), 'skip', { ...ben, region: 'sydney' }))
      .toEqual(refusedWith('No such region waits for an answer; waiting: production/oslo.'));
    expect(refused(rollout({ status: 'waiting', waitingFor: [goNoGo] }), 'skip'))
      .toEqual(refusedWith('skip makes no sense now: the rollout is waiting. You can: approve, reject, override, pause, rollback, abort.'));
  });

  it('is no answer to an undo that is stuck, nor the other way round', () => {
    const stuck = rollout({ status: 'stuck', waitingFor, regions: [stuckIn('production', 'sydney')] });
    expect(refused(stuck, 'skip', { ...ben, region: 'oslo' })).toEqual(refusedWith('No such region waits for an answer; waiting: production/sydney.'));
    expect(refused(stuck, 'skip')).toBeUndefined();
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

describe('an answer to a soak that has proven nothing', () => {
  const soak: WaitingFor = { gate: 'soak', type: 'soak', environment: 'production', region: 'sydney', since, needs: 'somebody to approve or reject it', asks: true };
  const sydney = (status: RegionState['status']): RegionState => ({ ...stuckIn('production', 'sydney'), status });
  const asking = rollout({ status: 'held', waitingFor: [soak], regions: [sydney('held')] });

  it('is anybody’s to give who may decide, with a reason', () => {
    for (const kind of ['approve', 'reject'] as const) {
      expect(refused(asking, kind, { by: 'ana', roles: [], reason: 'three quiet nights' })).toBeUndefined();
      expect(refused(asking, kind, silent)).toMatchObject({ code: 'InvalidRequest' });
    }
    expect(soakAsking(asking, 'approve', { gate: 'soak' })).toBe(soak);
  });

  it('makes no sense while the soak goes on: evidence is awaited, and passed over by nobody', () => {
    const soaking = rollout({ status: 'waiting', waitingFor: [soak], regions: [sydney('soaking')] });
    for (const kind of ['approve', 'reject', 'override'] as const) {
      expect(refused(soaking, kind)).toEqual(refusedWith(`${kind} makes no sense now: the rollout is waiting. You can: pause, rollback, abort.`));
    }
  });

  it('makes no sense where the soak is held for something else, or somebody has gone on already', () => {
    const { asks: _nobody, ...silence } = soak;
    for (const kind of ['approve', 'reject'] as const) {
      expect(refused(rollout({ status: 'held', waitingFor: [silence], regions: [sydney('held')] }), kind)?.code).toBe('DecisionRefused');
      expect(refused(rollout({ status: 'waiting', waitingFor: [soak], regions: [sydney('held')] }), kind)?.code).toBe('DecisionRefused');
      expect(refused(rollout({ status: 'held', waitingFor: [soak], regions: [sydney('soaking')] }), kind)?.code).toBe('DecisionRefused');
    }
  });

  it('is not taken for one to a gate that waits besides', () => {
    const both = rollout({ status: 'held', waitingFor: [soak, goNoGo], regions: [sydney('held')] });
    expect(refused(both, 'approve')?.message).toContain('name the one you mean: soak in production/sydney, go-no-go in production');
    expect(soakAsking(both, 'approve', { gate: 'go-no-go' })).toBeUndefined();
  });
});
