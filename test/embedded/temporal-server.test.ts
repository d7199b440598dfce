import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { getTemporalBinary, temporalSources } from '../../src/embedded/temporal/binary.js';
import { openEmbeddedServer, storeOf } from '../../src/embedded/temporal/embedded.js';
import { endServer, findServers, portsOf } from '../../src/embedded/temporal/orphan.js';
import { keepHistories } from '../../src/embedded/temporal/retention.js';
import { registerSearchAttributes, searchAttributeTypes } from '../../src/embedded/temporal/search-attributes.js';
import { executable, versionScript } from '../support/executable.js';
import { freePorts } from '../support/free-ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { toolsHome } from '../support/tools-home.js';
import { waitFor } from '../support/wait-for.js';
import { recordingTeller } from './recording-teller.js';

const never = new AbortController().signal;

describe('a Temporal server of our own', () => {
  /** Opens a server as `npm start` does, with the binary of this repository on the PATH; whatever runs on its store ends with the test. */
  const newStack = async () => {
    const home = await temporaryFolder();
    const [port, uiPort] = await freePorts(2);
    const binary = await getTemporalBinary(temporalSources(toolsHome, process.env), recordingTeller(), never);
    const store = storeOf(home);
    onTestFinished(async () => {
      for (const { pid } of await findServers(store)) await endServer(pid, store);
    });
    const open = (change: { port?: number } = {}) => {
      const tell = recordingTeller();
      const settings = { home, port: port!, uiPort: uiPort!, namespace: 'default', ...change };
      return openEmbeddedServer(settings, { PATH: path.dirname(binary) }, tell, never).then((server) => ({ server, tell }));
    };
    return { home, store, open };
  };

  it('serves, keeps its store under the folder, and is gone after stop', async () => {
    const { store, open } = await newStack();
    const { server } = await open();
    expect(await findServers(store)).toEqual([expect.objectContaining({ pid: server.pid })]);
    await server.stop();
    await server.ended;
    expect(await findServers(store)).toEqual([]);
    expect((await readFile(store)).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('that an earlier start left behind is taken over: the same process goes on, and stop ends it', async () => {
    const { store, open } = await newStack();
    const { server: left } = await open();
    const { server, tell } = await open();
    expect(server.pid).toBe(left.pid);
    expect(tell.said).toEqual([`Took over the Temporal server that an earlier start left behind (process ${left.pid}).`]);
    await server.stop();
    await server.ended;
    expect(await findServers(store)).toEqual([]);
  });

  it('that an earlier start left behind on another port is ended before a new one opens the store', async () => {
    const { store, open } = await newStack();
    const { server: left } = await open();
    const [otherPort] = await freePorts(1);
    const { server, tell } = await open({ port: otherPort! });
    expect(tell.said[0]).toBe(`Ended the Temporal server that an earlier start left behind (process ${left.pid}).`);
    expect(await findServers(store)).toEqual([expect.objectContaining({ pid: server.pid, port: otherPort })]);
  });

  it('that an earlier start left behind is ended when it does not answer any more', async () => {
    const { store, open } = await newStack();
    const { server: left } = await open();
    process.kill(left.pid, 'SIGSTOP');
    const { server, tell } = await open();
    expect(tell.said[0]).toMatch(/does not answer/);
    expect(server.pid).not.toBe(left.pid);
    expect(await findServers(store)).toEqual([expect.objectContaining({ pid: server.pid })]);
  });

  it('ends the wait when it ends itself', async () => {
    const { server } = await (await newStack()).open();
    process.kill(server.pid, 'SIGKILL');
    await expect(server.ended).resolves.toBeUndefined();
  });

  it('that does not start is told with the end of its log', async () => {
    const home = await temporaryFolder();
    const bin = await temporaryFolder();
    await executable(bin, 'temporal', `if [ "$1" = --version ]; then ${versionScript()}; else echo "unable to open database file"; exit 1; fi`);
    const [port, uiPort] = await freePorts(2);
    const opening = openEmbeddedServer({ home, port: port!, uiPort: uiPort!, namespace: 'default' }, { PATH: `${bin}:/usr/bin:/bin` }, recordingTeller(), never);
    await expect(opening).rejects.toThrow(/does not serve on 127\.0\.0\.1:\d+: it has ended.*unable to open database file/s);
  });

  it('knows the search attributes after their registration, which may be repeated', async () => {
    const { server } = await (await newStack()).open();
    const connection = await Connection.connect({ address: server.address });
    onTestFinished(() => connection.close());
    await registerSearchAttributes(connection, 'default');
    await registerSearchAttributes(connection, 'default');
    const found = await connection.workflowService.countWorkflowExecutions({ namespace: 'default', query: "MeridianPipeline = 'shop' AND MeridianRegions = 'sydney'" });
    expect(Number(found.count)).toBe(0);
  });

  it('keeps what has ended for thirty days', async () => {
    const { open } = await newStack();
    const { server } = await open();
    const connection = await Connection.connect({ address: server.address });
    onTestFinished(() => connection.close());
    await keepHistories(connection, 'default');
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
  });

  it('whose search attribute has another type is refused by name', async () => {
    const { server } = await (await newStack()).open();
    const connection = await Connection.connect({ address: server.address });
    onTestFinished(() => connection.close());
    const aList: Record<string, number> = { MeridianStatus: searchAttributeTypes.MeridianRegions! };
    await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: aList });
    await expect(registerSearchAttributes(connection, 'default')).rejects.toThrow('The search attribute MeridianStatus of the namespace default is no Keyword.');
  });
});

describe('a server is known by its command line', () => {
  const line = 'temporal server start-dev --ip 127.0.0.1 --port 7233 --namespace default --ui-port 8233 --db-filename /home/me/.meridian/temporal/store.db --log-level warn';

  it.each([['/usr/bin/'], ['/home/a person/bin/'], ['']])('wherever its binary is: %s', (folder) => {
    expect(portsOf(folder + line, '/home/me/.meridian/temporal/store.db')).toEqual({ port: 7233, uiPort: 8233 });
  });

  it.each([
    ['another store', line, '/home/me/.meridian/temporal/store'],
    ['another program', `vim ${line}`, '/home/me/.meridian/temporal/store.db'],
    ['another command', line.replace('start-dev', 'stop'), '/home/me/.meridian/temporal/store.db'],
  ])('and not mistaken for it is %s', (_what, commandLine, store) => {
    expect(portsOf(commandLine, store)).toBeUndefined();
  });

  it('does not count any more when it has ended, even while its parent has not asked for its end', async () => {
    const folder = await temporaryFolder();
    const store = path.join(folder, 'store.db');
    const binary = await executable(folder, 'temporal', 'while :; do sleep 1; done');
    const parent = spawn('sh', ['-c', `"${binary}" server start-dev --db-filename ${store} & exec sleep 60`], { stdio: 'ignore' });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const server = await waitFor('the server', async () => (await findServers(store))[0]);
    process.kill(server.pid, 'SIGKILL');
    await expect.poll(() => findServers(store)).toEqual([]);
  });
});
