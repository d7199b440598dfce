import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeployStep, RegionTarget, StepAnswer, UndoStep } from '../../../activities/ports/region-target.js';
import { digestOfFolder } from '../../../src/adapters/folder-artifact.js';
import { processTarget } from '../../../src/adapters/process-target.js';
import { ProcessRecord } from '../../../src/adapters/process/record.js';
import { regionFolder } from '../../../src/adapters/process/region-folder.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { ProcessTarget } from '../../../src/rollout/schema/target.js';
import { freePorts } from '../../support/free-ports.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

export const noSignal = new AbortController().signal;

/** A release that is as small as can be: it writes down that it was started, and answers with its version and its environment. */
const serverOf = (version: string): string => `
  import { appendFileSync } from 'node:fs';
  import http from 'node:http';
  appendFileSync(process.env.DATA_DIR + '/starts', '${version} ' + process.pid + '\\n');
  const answer = JSON.stringify({ release: '${version}', pid: process.pid, environment: process.env });
  http.createServer((_request, response) => response.end(answer)).listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
`;

export interface Answer {
  release: string;
  pid: number;
  environment: Record<string, string>;
}

/** One region with real processes, and what can be seen of it from outside. Everything it started is gone when the test is over. */
export class RegionUnderTest {
  readonly home: string;
  readonly port: number;
  readonly place = { pipeline: 'shop', environment: 'production', region: 'sydney' };

  private constructor(home: string, port: number) {
    this.home = home;
    this.port = port;
  }

  static async create(): Promise<RegionUnderTest> {
    const home = await temporaryFolder();
    const [port] = await freePorts(1);
    const region = new RegionUnderTest(home, port!);
    onTestFinished(async () => {
      for (const pid of await region.processes()) process.kill(pid, 'SIGKILL');
      await waitFor('no process of the region is left', async () => (await region.processes()).length === 0);
    });
    return region;
  }

  /** A new adapter, as a new worker has it. */
  target(settings: Partial<ProcessTarget> = {}): RegionTarget {
    return processTarget({ home: this.home })(this.settings(settings));
  }

  settings(settings: Partial<ProcessTarget> = {}): ProcessTarget {
    const usual = ProcessTarget.parse({ type: 'process', command: ['node', 'server.js'], port: String(this.port), stopTimeout: '2s' });
    return { ...usual, ...settings };
  }

  get folder(): ReturnType<typeof regionFolder> {
    return regionFolder(this.home, this.place);
  }

  async release(version: string, server = serverOf(version)): Promise<Release & { artifact: { path: string; digest: string } }> {
    const folder = path.join(this.home, 'releases', version);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(path.join(folder, 'server.js'), server);
    return { version, artifact: { path: folder, digest: await digestOfFolder(folder) } };
  }

  deployStep(release: Release, rollout = 1, more: Partial<DeployStep> = {}): DeployStep {
    return { ...this.place, key: this.key(rollout, 'do'), rollout: `shop-${rollout}`, variables: {}, secretNames: [], release, previous: null, ...more };
  }

  undoStep(from: Release, to: Release | null, rollout = 1, more: Partial<UndoStep> = {}): UndoStep {
    const where = { ...this.place, key: this.key(rollout, 'undo'), rollout: `shop-${rollout}`, variables: {}, secretNames: [] };
    return { ...where, from, to, previous: null, overwrite: false, ...more };
  }

  /** Deploys and waits until the region serves. */
  async run(release: Release, rollout = 1): Promise<Answer> {
    const step = this.deployStep(release, rollout);
    await this.target().deploy(step, noSignal);
    await this.verified(step);
    return this.answer();
  }

  async verified(step: DeployStep, settings: Partial<ProcessTarget> = {}): Promise<void> {
    await waitFor('the region is verified', async () => statusOf(await this.target(settings).verify(step, noSignal)) === 'done');
  }

  /** What the adapter says that runs there. */
  current(): Promise<Release | null> {
    return this.target().current({ ...this.place, variables: {}, secretNames: [] }, noSignal);
  }

  /** What the region itself answers; rejects when nobody does. */
  async answer(): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/`, { headers: { connection: 'close' } });
    return response.json() as Promise<Answer>;
  }

  async record(): Promise<ProcessRecord> {
    return ProcessRecord.parse(JSON.parse(await readFile(this.folder.record, 'utf8')));
  }

  /** Versions in the order in which their processes were started. */
  async starts(): Promise<string[]> {
    const text = await readFile(path.join(this.folder.data, 'starts'), 'utf8');
    return text.trimEnd().split('\n').map((line) => line.split(' ')[0]!);
  }

  /** Every living process of the region, found without the code under test: by the data folder in its environment. */
  async processes(): Promise<number[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const isOurs = async (pid: string): Promise<boolean> => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(`DATA_DIR=${this.home}`);
    };
    const ours = await Promise.all(pids.map(async (pid) => ((await isOurs(pid)) ? [Number(pid)] : [])));
    return ours.flat();
  }

  private key(rollout: number, direction: 'do' | 'undo'): string {
    return `shop-${rollout}/production/sydney/1/deploy/${direction}`;
  }
}

export const statusOf = (answer: StepAnswer): string => answer.status;

export async function killNow(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor(`process ${pid} is gone`, async () => !(await isRunning(pid)));
}

export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}
