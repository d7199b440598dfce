import type { Block } from '../../src/rollout/schema/block.js';
import type { DecisionKind } from '../../src/rollout/schema/decision.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import type { Schedule } from '../../src/rollout/schema/schedule.js';
import type { PipelineMemo, PipelineState, RolloutMemo, RolloutView, Workflows } from '../../src/http/temporal/workflows.js';
import { shop } from '../rollout/sample-document.js';

const at = '2026-11-21T10:00:00.000Z';

export const board: PipelineMemo['board'] = [
  {
    environment: 'production', region: 'sydney', release: '1.1.0', verified: true, lastKnownGood: '1.1.0', status: 'live', since: at,
    drained: null, override: null, rollout: 'shop-1',
  },
];

export const freeze: Freeze = {
  name: 'black-friday',
  holds: [{ owner: 'ana', scope: { environments: ['production'] }, from: at, to: null, reason: 'The busiest day.', by: 'ana', at }],
};
export const block: Block = { name: 'cve-1', version: '1.0.9', reason: 'It leaks.', by: 'ana', at };

export const schedule: Schedule = {
  name: 'nightly', pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * *', timezone: 'Europe/Berlin', rehearse: false,
  reason: 'Every night.', paused: false, by: 'ana', next: ['2026-11-22T01:00:00.000Z'],
  recent: [{ at, outcome: 'shop-1 ships 1.1.0' }],
};

export const planHash = 'ab'.repeat(32);

/** Of a rollout that ended in staging: production is next. */
export const plan: Plan = {
  pipeline: 'shop', revision: 3, release: '1.1.0', hash: planHash, lane: 'normal', bundle: null, phases: [], alreadyVerified: [], leftOut: [], next: 'production',
  warnings: [], work: 'ship', migrations: [], pointOfNoReturn: null, expectedMs: { min: 0, max: 0 },
};

const pipelineMemo: PipelineMemo = {
  pipeline: { name: 'shop', owner: { team: 'payments', contact: '#payments-oncall' }, revision: 3, environments: ['staging', 'production'], updatedAt: at },
  board,
};

export const pipelineState: PipelineState = {
  migrations: [], debt: [],
  name: 'shop', document: shop(), revision: 3, createdAt: at, updatedAt: at, updatedBy: 'ana', board,
  releases: [{ release: { version: '1.1.0' }, firstSeenAt: at, verified: { 'staging/frankfurt': at, 'staging/sydney': at, 'staging/virginia': at }, overrides: [], revocations: [] }],
  locks: { production: 'shop-1' }, queue: ['shop-2'], drained: { sydney: 'A lorry in the hall.' }, owed: [], deployMs: { 'production/sydney': [60_000] },
  freezes: [freeze], blocks: [block],
};

export const rolloutView: RolloutView = {
  id: 'shop-1', pipeline: 'shop', number: 1, release: '1.1.0', status: 'running', phase: 'production', lane: 'normal', startedBy: 'ana', createdAt: at,
  overrides: [], plan: planHash,
  why: 'Soaking sydney.', waitingFor: [], timeline: [{ at, kind: 'started', by: 'ana', text: 'shop-1 ships 1.1.0' }],
  regions: [{ environment: 'production', region: 'sydney', wave: 1, status: 'soaking', release: '1.1.0', previous: '1.0.0', startedAt: at, attempts: 1 }],
};

const { waitingFor: _waitingFor, timeline: _timeline, regions: _regions, plan: _plan, ...summary } = rolloutView;
export const rolloutSummary: RolloutMemo['rollout'] = summary;

/** One call, as the workflows' side was told it. */
export interface Call {
  name: keyof Workflows;
  args: unknown[];
}

/** Workflows that answer at once from samples and remember what they were told. `answer` replaces one answer, or throws. */
export class FakeWorkflows implements Workflows {
  readonly calls: Call[] = [];
  private readonly answers = new Map<keyof Workflows, (...args: never[]) => unknown>();

  answer<Name extends keyof Workflows>(name: Name, by: (...args: Parameters<Workflows[Name]>) => Awaited<ReturnType<Workflows[Name]>>): this {
    this.answers.set(name, by);
    return this;
  }

  fail(name: keyof Workflows, error: Error): this {
    return this.answer(name, () => {
      throw error;
    });
  }

  /** The arguments of each call of one function. */
  told<Name extends keyof Workflows>(name: Name): Parameters<Workflows[Name]>[] {
    return this.calls.filter((call) => call.name === name).map(({ args }) => args as Parameters<Workflows[Name]>);
  }

  applyPipeline: Workflows['applyPipeline'] = (name, request, updateId) =>
    this.take('applyPipeline', [name, request, updateId], { created: true, changed: true, revision: 1, warnings: [], fingerprint: request.fingerprint! });
  pipeline: Workflows['pipeline'] = (name) => this.take('pipeline', [name], pipelineState);
  pipelineMemo: Workflows['pipelineMemo'] = (name) => this.take('pipelineMemo', [name], pipelineMemo);
  pipelines: Workflows['pipelines'] = (paging) => this.take('pipelines', [paging], { items: [pipelineMemo], ...(paging.cursor !== 'more' && { next: 'more' }) });
  startRollout: Workflows['startRollout'] = (pipeline, request, updateId) =>
    this.take('startRollout', [pipeline, request, updateId], { rollout: 'shop-1', number: 1, plan: planHash, fingerprint: request.fingerprint! });
  startContract: Workflows['startContract'] = (pipeline, request, updateId) =>
    this.take('startContract', [pipeline, request, updateId], { rollout: 'shop-1', number: 1, plan: planHash, fingerprint: request.fingerprint! });
  contractPlan: Workflows['contractPlan'] = (pipeline, question) => this.take('contractPlan', [pipeline, question], plan);
  drain: Workflows['drain'] = (name, request, updateId) =>
    this.take('drain', [name, request, updateId], { drained: pipelineState.drained, fingerprint: request.fingerprint! });
  revoke: Workflows['revoke'] = (name, request, updateId) =>
    this.take('revoke', [name, request, updateId], { places: ['staging/sydney'], fingerprint: request.fingerprint! });

  decide: Workflows['decide'] = (rollout: string, kind: DecisionKind, message, updateId) =>
    this.take('decide', [rollout, kind, message, updateId], { rollout: rolloutView, fingerprint: message.fingerprint! });
  rollout: Workflows['rollout'] = (id) => this.take('rollout', [id], rolloutView);
  plan: Workflows['plan'] = (id) => this.take('plan', [id], plan);
  rolloutMemo: Workflows['rolloutMemo'] = (id) => this.take('rolloutMemo', [id], rolloutSummary);
  soakSamples: Workflows['soakSamples'] = (id, place, attempt) => this.take('soakSamples', [id, place, attempt], '{"deployAt":1}\n');
  rollouts: Workflows['rollouts'] = (filter, paging) => this.take('rollouts', [filter, paging], { items: [rolloutSummary], next: 'more' });

  calendar: Workflows['calendar'] = () => this.take('calendar', [], { freezes: [freeze], blocks: [block] });
  freeze: Workflows['freeze'] = (message, updateId) =>
    this.take('freeze', [message, updateId], { freeze, created: true, fingerprint: message.fingerprint! });
  lift: Workflows['lift'] = (message, updateId) => this.take('lift', [message, updateId], { freeze: null, fingerprint: message.fingerprint! });
  block: Workflows['block'] = (message, updateId) => this.take('block', [message, updateId], { block, created: true, fingerprint: message.fingerprint! });
  unblock: Workflows['unblock'] = (message, updateId) => this.take('unblock', [message, updateId], { fingerprint: message.fingerprint! });

  setSchedule: Workflows['setSchedule'] = (name, request, by) => this.take('setSchedule', [name, request, by], { schedule, created: true });
  schedule: Workflows['schedule'] = (name) => this.take('schedule', [name], schedule);
  schedules: Workflows['schedules'] = (paging) => this.take('schedules', [paging], { items: [schedule] });
  removeSchedule: Workflows['removeSchedule'] = (name) => this.take('removeSchedule', [name], undefined);

  readiness: Workflows['readiness'] = () => this.take('readiness', [], { temporal: { ok: true, detail: 'there' }, worker: { ok: true, detail: 'polls' } });

  private async take<T>(name: keyof Workflows, args: unknown[], usual: T): Promise<T> {
    this.calls.push({ name, args });
    const answer = this.answers.get(name) as ((...given: unknown[]) => T) | undefined;
    return answer ? answer(...args) : usual;
  }
}
