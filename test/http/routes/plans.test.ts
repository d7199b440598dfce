import { describe, expect, it } from 'vitest';
import type { PipelineState } from '../../../src/http/temporal/workflows.js';
import type { Freeze } from '../../../src/rollout/schema/freeze.js';
import { PlanAnswer } from '../../../src/rollout/schema/plan.js';
import { shop } from '../../rollout/sample-document.js';
import { pipelineState } from '../fake-workflows.js';
import { openApp, tokensOf } from '../open-app.js';

const body = { pipeline: 'shop', release: { version: '1.1.0' } };

/** The plan of 1.1.0, which is verified in staging, of a pipeline in this state. */
async function planOf(request: Record<string, unknown>, state: Partial<PipelineState> = {}): Promise<PlanAnswer> {
  const { http, workflows } = openApp();
  workflows.answer('pipeline', () => ({ ...pipelineState, ...state }));
  return PlanAnswer.parse((await http.post('/v1/plans').send({ ...body, ...request }).expect(200)).body);
}

describe('plans', () => {
  it('leaves out the phases that the release has passed, and changes nothing', async () => {
    const { http, workflows } = openApp();
    const answer = await http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' } }).expect(200);
    expect(PlanAnswer.parse(answer.body)).toMatchObject({ pipeline: 'shop', revision: 3, release: '1.1.0', alreadyVerified: ['staging'] });
    expect(workflows.calls.map(({ name }) => name)).toEqual(['pipeline']);
  });

  it('plans the whole walk of a release that is not known, up to an environment', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '9.9.9' }, to: 'staging' }).expect(200);
    expect(PlanAnswer.parse(answer.body).phases.map(({ environment }) => environment)).toEqual(['staging']);
  });

  it('refuses an environment that the lifecycle does not have', async () => {
    const answer = await openApp().http.post('/v1/plans').send({ pipeline: 'shop', release: { version: '1.1.0' }, to: 'live' });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'InvalidRequest', detail: expect.stringContaining('staging, production') as string }]);
  });

  it('says when each region is expected to be changed, from past deploys, the soak, freezes and the time of the start', async () => {
    const startAt = '2099-01-05T10:00:00+01:00';
    const frozen: Freeze = {
      name: 'peak', holds: [{ owner: 'ana', scope: { regions: ['frankfurt'] }, from: '2099-01-05T09:00:00Z', to: '2099-01-05T18:00:00Z', reason: 'Peak.', by: 'ana', at: '2099-01-01T00:00:00Z' }],
    };
    const { timetable } = await planOf({ startAt, to: 'production' }, { freezes: [frozen] });
    expect(timetable.start).toBe('2099-01-05T09:00:00.000Z');
    const [sydney, frankfurt] = timetable.regions.filter(({ environment }) => environment === 'production');
    expect(sydney).toMatchObject({ region: 'sydney', start: '2099-01-05T09:00:00.000Z', end: '2099-01-05T09:31:00.000Z', deployMs: 60_000, isGuess: false });
    expect(frankfurt).toMatchObject({ region: 'frankfurt', start: '2099-01-05T18:00:00.000Z', waits: expect.stringContaining('peak') as string });
  });

  it('in the night has a window for each region of the last phase, and another hash', async () => {
    const [now, tonight] = [await planOf({}), await planOf({ startAt: 'tonight' })];
    expect(tonight.phases.at(-1)!.regionGates).toMatchObject([{ name: 'tonight', type: 'window' }]);
    expect([now.phases.at(-1)!.regionGates, tonight.hash === now.hash]).toEqual([[], false]);
  });

  it('lists the approvals that it will need', async () => {
    const gate = { name: 'go', type: 'approval', roles: ['lead'], approvals: 2 };
    const document = shop({ lifecycle: [{ environment: 'staging' }, { environment: 'production', gates: [gate], waveGates: [{ ...gate, name: 'wave-go' }] }] });
    const { approvals } = await planOf({}, { document });
    expect(approvals).toMatchObject([
      { gate: 'go', environment: 'production', scope: 'phase', times: 1 }, { gate: 'wave-go', environment: 'production', scope: 'wave', times: 3 },
    ]);
  });
});

describe('what stands in the way of a start', () => {
  const locks = { production: 'shop-7' };
  const warned = async (request: Record<string, unknown>, state: Partial<PipelineState>) => (await planOf(request, { locks: {}, blocks: [], ...state })).warnings;

  it.each([
    ['queue', {}, 'It would wait in line behind shop-7.'],
    ['supersede', {}, 'It would take over from shop-7, at the edge of a wave.'],
    ['reject', {}, 'It would be refused while shop-7 holds the environment: policy.overlap is reject.'],
    ['reject', { lane: 'hotfix', reason: 'It burns.' }, 'It would take over from shop-7, at the edge of a wave.'],
  ])('is whoever holds the environment, with what policy.overlap: %s and %j make of it', async (overlap, request, sentence) => {
    const document = shop({ policy: { overlap, hotfix: { soak: '5m' } } });
    expect(await warned(request, { locks, document })).toContain(sentence);
    expect(await warned(request, { document })).not.toContain(sentence);
  });

  it('is a block, with its reason, also by the digest of a release that is only named', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const releases = [{ release: { version: '1.1.0', artifact: { path: 'x', digest } }, firstSeenAt: '2026-11-21T10:00:00.000Z', verified: {}, overrides: [], revocations: [] }];
    const block = { name: 'cve-1', digest, reason: 'It leaks.', by: 'ana', at: '2026-11-21T10:00:00.000Z' };
    expect(await warned({}, { releases, blocks: [block] })).toContainEqual(expect.stringContaining('It leaks.'));
    expect(await warned({}, { releases })).toEqual(await warned({}, { releases, blocks: [{ ...block, digest: `sha256:${'b'.repeat(64)}` }] }));
  });

  it('is a value that is missing where the walk goes', async () => {
    const document = shop({ variables: [{ name: 'CURRENCY', required: true, values: [{ value: 'USD', environment: 'staging' }] }] });
    expect(await warned({}, { document })).toContainEqual(expect.stringContaining('CURRENCY in production/'));
    expect(await warned({ to: 'staging' }, { document, releases: [] })).not.toContainEqual(expect.stringContaining('CURRENCY'));
  });

  it('is a hot-fix lane that the pipeline does not have', async () => {
    expect(await warned({ lane: 'hotfix', reason: 'It burns.' }, {})).toContainEqual(expect.stringContaining('no hot-fix lane'));
  });

  it('is a role that who asks does not have', async () => {
    const { http, workflows } = openApp({ tokens: tokensOf({ dan: ['deployer'] }) });
    workflows.answer('pipeline', () => pipelineState);
    const request = { ...body, override: { from: 'production', reason: 'It burns.' } };
    const answer = await http.post('/v1/plans').set('Authorization', 'Bearer dan-secret').send(request).expect(200);
    expect(PlanAnswer.parse(answer.body).warnings).toContainEqual(expect.stringContaining('Beginning with production'));
    expect((await planOf({ override: request.override })).warnings).not.toContainEqual(expect.stringContaining('Beginning with production'));
  });
});
