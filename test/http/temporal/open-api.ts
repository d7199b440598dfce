import { pino } from 'pino';
import request from 'supertest';
import { Rollout } from '../../../src/rollout/schema/rollout.js';
import { startServer } from '../../../src/server.js';
import type { Connection } from '@temporalio/client';
import { openStage, type Scene, type Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait-for.js';

/** The API before a real Temporal server and a real worker, whose regions are fake. */
export interface OpenApi {
  stage: Stage;
  http: ReturnType<typeof request>;
  /** Applies the document of a scene, by HTTP, with these changes. */
  apply(scene: Scene, changes?: Record<string, unknown>): Promise<void>;
  /** Starts a rollout and gives its id. */
  ship(scene: Scene, version: string): Promise<string>;
  /** The rollout once `holds` is true of it. */
  until(id: string, what: string, holds: (rollout: Rollout) => boolean): Promise<Rollout>;
  /** The body of an answer of 200 once `holds` is true of it. */
  untilBody<Body>(address: string, what: string, holds: (body: Body) => boolean): Promise<Body>;
  /** The answer once it has this status. */
  untilStatus(address: string, status: number): Promise<request.Response>;
  close(): Promise<void>;
}

export async function openApi(address: string): Promise<OpenApi> {
  const stage = await openStage(address);
  const server = await startServer({ ...stage.config, port: 0 }, { connection: stage.client.connection as Connection, logger: pino({ level: 'silent' }) });
  const http = request(server.url);
  return {
    stage,
    http,
    apply: (scene, changes) => http.put(`/v1/pipelines/${scene.name}`).send(documentOf(scene, changes)).expect((answer) => {
      if (answer.status >= 300) throw new Error(answer.text);
    }).then(() => undefined),
    async ship(scene, version) {
      const answer = await http.post('/v1/rollouts').send({ pipeline: scene.name, release: { version } }).expect(202);
      return Rollout.parse(answer.body).id;
    },
    until: (id, what, holds) =>
      waitFor(`${id} ${what}`, async () => {
        const rollout = Rollout.parse((await http.get(`/v1/rollouts/${id}`).expect(200)).body);
        return holds(rollout) && rollout;
      }),
    untilBody: <Body>(where: string, what: string, holds: (body: Body) => boolean) =>
      waitFor(`${where} ${what}`, async () => {
        const body = (await http.get(where).expect(200)).body as Body;
        return holds(body) ? body : undefined;
      }),
    untilStatus: (where, status) => waitFor(`${where} to be ${status}`, async () => {
      const answer = await http.get(where);
      return answer.status === status && answer;
    }),
    async close() {
      await server.close();
      await stage.close();
    },
  };
}

/** As a person writes it. Where its metrics come from is the same everywhere: `everywhere` in the world of the scene. */
export const documentOf = ({ name }: Scene, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  apiVersion: 'meridian/v1',
  kind: 'Pipeline',
  name,
  owner: { team: 'payments', contact: '#payments' },
  regions: { sydney: { weight: 5 }, frankfurt: { weight: 30 } },
  target: { type: 'webhook', url: 'http://127.0.0.1/hook' },
  metrics: { type: 'scrape', url: `${name}|everywhere` },
  checks: [{ name: 'errors', kind: 'ratio', bad: 'bad', total: 'total', objective: 0.99 }],
  soak: { min: '300ms', max: '4s', interval: '1s', minSamples: 100 },
  lifecycle: [{ environment: 'staging', waves: [['frankfurt']] }, { environment: 'production' }],
  ...changes,
});

/** Soaks for so long that it is still at it whenever a test looks. */
export const longSoak = { soak: { min: '1h', max: '2h', interval: '1s', minSamples: 100 } };
