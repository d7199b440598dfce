import type { DecisionKind } from '../../src/rollout/schema/decision.js';
import type { PipelineMemo, PipelineState, RolloutMemo, RolloutView, Workflows } from '../../src/http/temporal/workflows.js';
import { shop } from '../rollout/sample-document.js';

const at = '2026-11-21T10:00:00.000Z';

export const board: PipelineMemo['board'] = [
  { environment: 'production', region: 'sydney', release: '1.1.0', verified: true, lastKnownGood: '1.1.0', status: 'live', since: at, rollout: 'shop-1' },
];

const pipelineMemo: PipelineMemo = {
  pipeline: { name: 'shop', owner: { team: 'payments', contact: '#payments-oncall' }, revision: 3, environments: ['staging', 'production'], updatedAt: at },
  board,
};

const pipelineState: PipelineState = {
  name: 'shop', document: shop(), revision: 3, createdAt: at, updatedAt: at, updatedBy: 'ana', board,
  releases: [{ release: { version: '1.1.0' }, firstSeenAt: at, verified: { 'staging/frankfurt': at, 'staging/sydney': at, 'staging/virginia': at } }],
  locks: { production: 'shop-1' }, queue: ['shop-2'],
};

export const rolloutView: RolloutView = {
  id: 'shop-1', pipeline: 'shop', number: 1, release: '1.1.0', status: 'running', phase: 'production', startedBy: 'ana', createdAt: at,
  why: 'Soaking sydney.', waitingFor: [], timeline: [{ at, kind: 'started', by: 'ana', text: 'shop-1 ships 1.1.0' }],
  regions: [{ environment: 'production', region: 'sydney', wave: 1, status: 'soaking', release: '1.1.0', previous: '1.0.0', startedAt: at, attempts: 1 }],
};

const { waitingFor: _waitingFor, timeline: _timeline, regions: _regions, ...summary } = rolloutView;
const rolloutSummary: RolloutMemo['rollout'] = summary;

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
  pipelines: Workflows['pipelines'] = (paging) => this.take('pipelines', [paging], { items: [pipelineMemo], next: 'more' });
  startRollout: Workflows['startRollout'] = (pipeline, request, updateId) =>
    this.take('startRollout', [pipeline, request, updateId], { rollout: 'shop-1', number: 1, fingerprint: request.fingerprint! });
  decide: Workflows['decide'] = (rollout: string, kind: DecisionKind, message, updateId) =>
    this.take('decide', [rollout, kind, message, updateId], { rollout: rolloutView, fingerprint: message.fingerprint! });
  rollout: Workflows['rollout'] = (id) => this.take('rollout', [id], rolloutView);
  rolloutMemo: Workflows['rolloutMemo'] = (id) => this.take('rolloutMemo', [id], rolloutSummary);
  rollouts: Workflows['rollouts'] = (filter, paging) => this.take('rollouts', [filter, paging], { items: [rolloutSummary], next: 'more' });
  readiness: Workflows['readiness'] = () => this.take('readiness', [], { temporal: { ok: true, detail: 'there' }, worker: { ok: true, detail: 'polls' } });

  private async take<T>(name: keyof Workflows, args: unknown[], usual: T): Promise<T> {
    this.calls.push({ name, args });
    const answer = this.answers.get(name) as ((...given: unknown[]) => T) | undefined;
    return answer ? answer(...args) : usual;
  }
}
