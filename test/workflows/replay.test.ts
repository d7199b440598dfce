import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { installRuntime } from '../../src/temporal-runtime.js';
import { paths } from '../histories/paths.js';

interface Recorded {
  workflowId: string;
  history: { events: Record<string, unknown>[] };
}

const folder = path.join(import.meta.dirname, '../histories');
const generations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const files = generations.flatMap((generation) => readdirSync(path.join(folder, generation)).map((name) => `${generation}/${name}`));

const read = (file: string): Recorded[] => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recorded[];

let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  installRuntime({ logLevel: 'silent' });
  workflowBundle = await bundleWorkflowCode({ workflowsPath: path.join(import.meta.dirname, '../../workflows/index.ts'), logger: new DefaultLogger('WARN') });
});

/** What replaying each history ended in: nothing, or the name of the error. */
async function replay(recorded: Recorded[]): Promise<(string | undefined)[]> {
  const errors: (string | undefined)[] = [];
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, recorded)) {
    errors.push(error && `${error.name}: ${error.message}`);
  }
  return errors;
}

describe('the recorded histories', () => {
  it('cover every path of a rollout', () => {
    expect(files.map((file) => path.basename(file, '.json'))).toEqual(expect.arrayContaining(Object.keys(paths)));
  });

  it.each(files)('%s replays on today\'s code', async (file) => {
    const recorded = read(file);
    expect(await replay(recorded)).toEqual(recorded.map(() => undefined));
  });

  it('would show a break: a story that took its steps in another order does not replay', async () => {
    const region = read(`${generations[0]}/good.json`).find(({ workflowId }) => workflowId.endsWith('production/sydney'))!;
    const broken = JSON.parse(JSON.stringify(region).replaceAll('"verifyRegion"', '"verifyRegionFirst"')) as Recorded;
    expect((await replay([broken]))[0]).toMatch(/Nondeterminism|DeterminismViolation/);
  });
});
