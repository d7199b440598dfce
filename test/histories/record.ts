// Records one history for each path of a rollout: `npm run histories`. Done when the code of a workflow changes on purpose; the old
// histories stay for as long as rollouts of that age may still run (see README.md beside this file).
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { calendarWorkflowId, pipelineWorkflowId, rolloutWorkflowId } from '../../src/rollout/ids.js';
import { openStage, type Scene, type Stage } from '../support/stage.js';
import { startTestServer } from '../support/temporal-server.js';
import { paths } from './paths.js';

const folder = import.meta.dirname;
const root = path.resolve(folder, '../..');

async function record(stage: Stage, name: string, tell: (scene: Scene, stage: Stage) => Promise<string[]>): Promise<void> {
  const scene = stage.scene();
  const rollouts = await tell(scene, stage);
  await keep(stage, name, [pipelineWorkflowId(scene.name), ...(await Promise.all(rollouts.map((rollout) => familyOf(stage, rollout)))).flat()]);
}

async function keep(stage: Stage, name: string, ids: string[]): Promise<void> {
  await mkdir(path.join(folder, 'v1'), { recursive: true });
  const histories = await Promise.all(ids.map(async (workflowId) => ({ workflowId, history: await historyOf(stage, workflowId) })));
  await writeFile(path.join(folder, 'v1', `${name}.json`), `${JSON.stringify(histories)}\n`);
  process.stdout.write(`${name}: ${ids.length} histories\n`);
}

/** A rollout and the workflows of its regions. */
async function familyOf(stage: Stage, rollout: string): Promise<string[]> {
  const { events } = await stage.client.workflow.getHandle(rolloutWorkflowId(rollout)).fetchHistory();
  const children = (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => (child?.workflowId ? [child.workflowId] : []));
  return [rolloutWorkflowId(rollout), ...new Set(children)];
}

async function historyOf(stage: Stage, workflowId: string): Promise<unknown> {
  const text = historyToJSON(await stage.client.workflow.getHandle(workflowId).fetchHistory());
  // Neither this machine's name nor its folders belong into the repository.
  return JSON.parse(text.replaceAll(/"identity":\s*"[^"]*"/g, '"identity":"recorder"').replaceAll(`${root}/`, '')) as unknown;
}

const server = await startTestServer();
const stage = await openStage(server.address);
try {
  for (const [name, tell] of Object.entries(paths)) await record(stage, name, tell);
  await keep(stage, 'calendar', [calendarWorkflowId]); // it has seen all of them
} finally {
  await stage.close();
  await server.stop();
}
