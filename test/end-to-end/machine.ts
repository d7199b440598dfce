import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRegions, stopRegions } from '../../src/adapters/process-regions.js';
import { dataOf } from '../../src/embedded/postgres/cluster.js';
import { urlOf } from '../../src/embedded/postgres/connect.js';
import { endServer as endDatabase, findServer as findDatabase } from '../../src/embedded/postgres/running.js';
import { databaseFolder } from '../../src/embedded/shop/databases.js';
import { getTemporalBinary, temporalSources } from '../../src/embedded/temporal/binary.js';
import { storeOf } from '../../src/embedded/temporal/embedded.js';
import { endServer, findServers } from '../../src/embedded/temporal/orphan.js';
import { silentTeller } from '../../src/embedded/teller.js';
import { freePortRange } from '../support/free-ports.js';
import { toolsHome } from '../support/tools-home.js';
import { waitFor } from '../support/wait-for.js';

const program = fileURLToPath(new URL('../../bin/meridian.js', import.meta.url));

/** One region, as it answers itself. */
export interface Answer {
  place: string;
  release: string | null;
}

/** A place for one stack: a folder and ports of its own. */
export interface Machine {
  home: string;
  /** `http://127.0.0.1:…`, where the API is while the stack runs. */
  api: string;
  /** Runs `meridian up` with these arguments, in this machine's environment with these changes. */
  up(args?: string[], change?: NodeJS.ProcessEnv): Up;
  /** What each region answers to GET /healthz; null for no answer. In the order of the ports. */
  ask(): Promise<Answer[]>;
  /** `production/sydney` → number of the process that runs there. */
  pids(): Promise<Record<string, number | null>>;
  /** Where each region answers, in the order of `places`. */
  urls: string[];
  /** Of the databases, with their passwords, in the order of `places`; after the first start. */
  databaseUrls(): Promise<string[]>;
  /** Ends whatever still runs, and removes the folder. */
  clean(): Promise<void>;
}

/** A running `meridian up`. */
export interface Up {
  output(): string;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  /** Resolves when the output contains the text; rejects with the output when the process ends before. */
  says(text: string | RegExp, limitMs?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** In the order of their ports. */
export const places = ['production/sydney', 'production/frankfurt', 'production/virginia', 'staging/frankfurt'];

export async function newMachine(): Promise<Machine> {
  const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'meridian-stack-')));
  await chmod(home, 0o711); // As root, PostgreSQL runs as somebody else, who must get through.
  await putTemporalInto(home);
  const api = await freePortRange(3 + 2 * places.length);
  const [temporal, ui, shop] = [api + 1, api + 2, api + 3];
  const running: Up[] = [];
  const env = {
    ...process.env,
    MERIDIAN_HOME: home, MERIDIAN_PORT: String(api), MERIDIAN_TEMPORAL_PORT: String(temporal), MERIDIAN_TEMPORAL_UI_PORT: String(ui),
    MERIDIAN_SHOP_PORT: String(shop), NO_COLOR: '1',
  };
  return {
    home,
    api: `http://127.0.0.1:${api}`,
    up(args = [], change = {}) {
      const up = run(['up', ...args], { ...env, ...change });
      running.push(up);
      return up;
    },
    ask: () => Promise.all(places.map(async (place, index) => ({ place, release: await releaseAt(shop + index) }))),
    pids: async () => Object.fromEntries((await listRegions(home)).map(({ environment, region, pid }) => [`${environment}/${region}`, pid])),
    urls: places.map((_, index) => `http://127.0.0.1:${shop + index}`),
    databaseUrls: () => Promise.all(places.map(async (place, index) => {
      const password = await readFile(path.join(databaseFolder(home, placeOf(place)), 'password'), 'utf8');
      return urlOf(shop + places.length + index, password)('shop');
    })),
    async clean() {
      for (const up of running) up.signal('SIGKILL');
      await Promise.all(running.map(({ ended }) => ended));
      await stopRegions(home);
      for (const { pid } of await findServers(storeOf(home))) await endServer(pid, storeOf(home));
      for (const { pid, data } of await databasesOf(home)) await endDatabase(pid, data);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A stack with a folder of its own would build a CLI of its own. */
async function putTemporalInto(home: string): Promise<void> {
  const binary = await getTemporalBinary(temporalSources(toolsHome, process.env), silentTeller, new AbortController().signal);
  await mkdir(path.join(home, 'bin'), { recursive: true });
  await symlink(binary, path.join(home, 'bin', 'temporal'));
}

function run(args: string[], env: NodeJS.ProcessEnv): Up {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { output += text; });
  let hasEnded = false;
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      hasEnded = true;
      resolve(code ?? signal ?? 'no code');
    });
  });
  return {
    output: () => output,
    ended,
    signal: (name) => void child.kill(name),
    async says(text, limitMs = 180_000) {
      const isSaid = () => (typeof text === 'string' ? output.includes(text) : text.test(output));
      await waitFor(`${String(text)} in the output`, () => isSaid() || hasEnded, limitMs).catch((error: unknown) => {
        throw new Error(`It never said ${String(text)}:\n${output}`, { cause: error });
      });
      if (!isSaid()) throw new Error(`It ended without saying ${String(text)}:\n${output}`);
    },
  };
}

async function releaseAt(port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(3_000) });
    return ((await response.json()) as { release: string }).release;
  } catch {
    return null;
  }
}

/** Every region on one release, but for those that are named. */
export const allOn = (release: string | null, but: Record<string, string> = {}): Answer[] =>
  places.map((place) => ({ place, release: but[place] ?? release }));

/** Numbers of the processes of the two regions that the bad release must never reach. */
export async function untouched(machine: Machine): Promise<unknown> {
  const { 'production/frankfurt': frankfurt, 'production/virginia': virginia } = await machine.pids();
  return { frankfurt, virginia };
}

const placeOf = (place: string): { environment: string; region: string } => {
  const [environment, region] = place.split('/') as [string, string];
  return { environment, region };
};

/** The database servers that run, of all places. */
async function databasesOf(home: string): Promise<{ place: string; pid: number; data: string }[]> {
  const found = await Promise.all(places.map(async (place) => {
    const data = dataOf(databaseFolder(home, placeOf(place)));
    const server = await findDatabase(data);
    return server === undefined ? [] : [{ place, pid: server.pid, data }];
  }));
  return found.flat();
}

/** What runs of a stack: its Temporal servers, its databases, and its regions. */
export const remains = async ({ home }: Machine): Promise<unknown[]> => [
  ...(await findServers(storeOf(home))),
  ...(await databasesOf(home)),
  ...(await listRegions(home)).filter(({ pid }) => pid !== null),
];

/** kill -9 of the Temporal server of a stack. */
export async function killTemporal({ home }: Machine): Promise<void> {
  for (const { pid } of await findServers(storeOf(home))) process.kill(pid, 'SIGKILL');
}

/** kill -9 of the database of each place. */
export async function killDatabases({ home }: Machine): Promise<void> {
  for (const { pid } of await databasesOf(home)) process.kill(pid, 'SIGKILL');
}
