import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSoak } from '../../../src/judge/replay/read-soak.js';
import { replaySoak } from '../../../src/judge/replay/replay-soak.js';
import { verdictLine } from '../../../src/judge/replay/verdict-line.js';
import type { Sample } from '../../../src/judge/sample.js';
import type { Scene } from '../../support/stage.js';
import { temporalAddress } from '../../support/temporal.js';
import { waitFor } from '../../support/wait-for.js';
import { openApi, type OpenApi } from './open-api.js';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi(temporalAddress());
});
afterAll(() => api.close());

/** Production alone, region after region, each with metrics of its own: by the workflow itself, HTTP knows no such template. */
const apply = (scene: Scene, changes: Record<string, unknown> = {}): Promise<unknown> =>
  scene.apply({ soak: { min: '4s', max: '30s', interval: '1s', minSamples: 100 }, lifecycle: [{ environment: 'production' }], ...changes });

/** A share of bad that sways a little, the same at every run. */
function swaying(share: number): () => Sample {
  let look = 0;
  return () => ({ kind: 'ratio', bad: Math.round(share * (1_000 + 200 * Math.sin(look++))), total: 1_000 });
}

async function samplesOf(address: string): Promise<string> {
  const answer = await api.http.get(address).responseType('blob').expect(200);
  expect(answer.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  return String(answer.body);
}

const isVerdict = (line: string): boolean => Object.hasOwn(JSON.parse(line) as object, 'decision');
const toldIn = (samples: string): string[] => samples.split('\n').filter((line) => line !== '' && isVerdict(line));
const replayed = (samples: string): string[] => Array.from(replaySoak(readSoak(samples)), verdictLine);

const decisionIn = (line: string | undefined): unknown => (JSON.parse(line!) as { decision: unknown }).decision;
const soakOf = (id: string, place: string, query = ''): string => `/v1/rollouts/${id}/soaks/production/${place}${query}`;
const refusal = async (address: string): Promise<unknown> => (await api.http.get(address).expect(404)).body as unknown;

describe('what a soak has seen', () => {
  it('gives the same verdicts when it is judged again, byte for byte: a release that gets worse, and is tried again', async () => {
    const scene = api.stage.scene();
    for (const place of ['sydney', 'frankfurt', 'virginia']) scene.world.metrics.set(`production/${place}`, swaying(0.002));
    scene.world.metrics.set('production/sydney@1.1.0', swaying(0.06));
    await apply(scene);
    const id = await api.ship(scene, '1.1.0');
    const { regions: [sydney] } = await api.until(id, 'to have undone sydney', ({ regions, status }) => status === 'held' && regions[0]?.status === 'rolled-back');
    const samples = await samplesOf(soakOf(id, 'sydney'));
    const told = toldIn(samples);
    expect(told.map(decisionIn).at(-1)).toBe('fail');
    expect(told.length).toBeGreaterThan(1);
    expect(sydney!.failure!.message).toContain((JSON.parse(told.at(-1)!) as { explanation: string }).explanation);
    expect(replayed(samples).filter((line) => told.includes(line))).toEqual(told);
    expect(readSoak(samples)).toMatchObject({ history: [], notes: [], soak: { checks: [{ name: 'errors', objective: 0.99 }] } });

    scene.world.metrics.set('production/sydney@1.1.0', swaying(0.002));
    await api.http.post(`/v1/rollouts/${id}/resume`).send({}).expect(200);
    await api.until(id, 'to have passed sydney', ({ regions }) => regions[0]?.status === 'live');
    const again = await samplesOf(soakOf(id, 'sydney'));
    expect(toldIn(again).map(decisionIn).at(-1)).toBe('pass');
    expect(replayed(again)).toEqual(expect.arrayContaining(toldIn(again)));
    expect(await samplesOf(soakOf(id, 'sydney', '?attempt=2'))).toBe(again);
    expect(await samplesOf(soakOf(id, 'sydney', '?attempt=1'))).toBe(samples);
    expect(await refusal(soakOf(id, 'sydney', '?attempt=3'))).toMatchObject({ code: 'SoakNotFound', detail: `${id} has made no attempt 3 at production/sydney; there are 1 and 2.` });
    await api.http.post(`/v1/rollouts/${id}/abort`).send({ reason: 'seen enough' }).expect(200);
  });

  it('is readable while it goes on, with every look so far, and without a worker', async () => {
    const scene = api.stage.scene();
    await apply(scene, { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } });
    const id = await api.ship(scene, '1.1.0');
    await api.until(id, 'to soak', ({ regions }) => regions[0]?.status === 'soaking');
    const three = await waitFor('three looks', async () => {
      const answer = await api.http.get(soakOf(id, 'sydney')).responseType('blob');
      return answer.status === 200 && readSoak(String(answer.body)).looks.length >= 3 && String(answer.body);
    });
    expect(readSoak(three).looks[0]!.checks.errors).toMatchObject({ region: { kind: 'ratio', bad: 0 } });
    await api.stage.stopWorker();
    const still = await samplesOf(soakOf(id, 'sydney'));
    expect(still.startsWith(three)).toBe(true);
    expect(await refusal(soakOf(id, 'tokyo'))).toMatchObject({ code: 'SoakNotFound', detail: `${id} has not come to production/tokyo; it has been in production/sydney.` });
    expect(await refusal(soakOf(id, 'sydney', '?tenant=acme'))).toMatchObject({ code: 'SoakNotFound' });
    expect(await refusal(soakOf(`${scene.name}-9`, 'sydney'))).toMatchObject({ code: 'RolloutNotFound' });
    await api.stage.startWorker();
    await api.http.post(`/v1/rollouts/${id}/abort`).send({ reason: 'seen enough' }).expect(200);
  });
});
