import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identify } from '../../src/adapters/process/identity.js';
import { claimHome } from '../../src/embedded/claim.js';
import { prepareHome } from '../../src/embedded/home.js';
import { createParts } from '../../src/embedded/parts.js';
import { expectFreePorts } from '../../src/embedded/ports.js';
import { freePorts } from '../support/free-ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { recordingTeller } from './recording-teller.js';

const never = new AbortController().signal;

describe('the folder of a stack', () => {
  it('is made, with those above it', async () => {
    const home = path.join(await temporaryFolder(), 'a', 'b');
    expect(await prepareHome(home)).toBe(home);
    expect(existsSync(home)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is refused where nobody can make one', async () => {
    await expect(prepareHome('/proc/meridian')).rejects.toThrow(/The folder \/proc\/meridian cannot be used/);
  });

  it('is refused with what to do when it is a file', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(prepareHome(file)).rejects.toThrow(/file cannot be used \(.*\)\. Make it a folder that you can write to, or name another one with MERIDIAN_HOME\./);
  });
});

describe('the claim of a folder', () => {
  const otherProcess = async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    return child;
  };

  it('is refused while another stack runs there, naming its process', async () => {
    const home = await temporaryFolder();
    const other = await otherProcess();
    await writeFile(path.join(home, 'up.json'), JSON.stringify(await identify(other.pid!)));
    await expect(claimHome(home, never)).rejects.toThrow(`runs already, as process ${other.pid}`);
  });

  it('is taken over from a process that was killed', async () => {
    const home = await temporaryFolder();
    const other = await otherProcess();
    await writeFile(path.join(home, 'up.json'), JSON.stringify(await identify(other.pid!)));
    other.kill('SIGKILL');
    await once(other, 'exit');
    await claimHome(home, never);
    expect(JSON.parse(await readFile(path.join(home, 'up.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is taken over when its number belongs to another process by now', async () => {
    const home = await temporaryFolder();
    const other = await otherProcess();
    await writeFile(path.join(home, 'up.json'), JSON.stringify({ pid: other.pid, startTime: 'before the last boot' }));
    await expect(claimHome(home, never)).resolves.toBeTypeOf('function');
  });

  it('is taken over when only half of it was written', async () => {
    const home = await temporaryFolder();
    await writeFile(path.join(home, 'up.json'), '{"pid":');
    await expect(claimHome(home, never)).resolves.toBeTypeOf('function');
  });

  it('is free again when it was given up', async () => {
    const home = await temporaryFolder();
    const giveUp = await claimHome(home, never);
    await expect(claimHome(home, never)).rejects.toThrow(`as process ${process.pid}`);
    await giveUp();
    await expect(claimHome(home, never)).resolves.toBeTypeOf('function');
  });
});

describe('the ports of a stack', () => {
  const needed = (port: number, what: string, variable: string) => ({ port, host: '127.0.0.1', what, variable });

  it('are all named that somebody else listens on, each with the variable that moves it', async () => {
    const [free, first, second] = await freePorts(3);
    for (const port of [first!, second!]) {
      const server = createServer().listen(port, '127.0.0.1');
      onTestFinished(() => void server.close());
      await once(server, 'listening');
    }
    const looking = expectFreePorts([
      needed(free!, 'Temporal', 'MERIDIAN_TEMPORAL_PORT'), needed(first!, 'the API', 'MERIDIAN_PORT'), needed(second!, 'the shop', 'MERIDIAN_SHOP_PORT'),
    ]);
    await expect(looking).rejects.toThrow(
      `The stack cannot start:\n  Port ${first} (the API) is in use by another program: stop that program, or choose another port with MERIDIAN_PORT.\n`
        + `  Port ${second} (the shop) is in use by another program: stop that program, or choose another port with MERIDIAN_SHOP_PORT.`,
    );
  });

  it('are refused when two parts were given the same one', async () => {
    const [port] = await freePorts(1);
    const looking = expectFreePorts([needed(port!, 'the API', 'MERIDIAN_PORT'), needed(port!, 'the shop', 'MERIDIAN_SHOP_PORT')]);
    await expect(looking).rejects.toThrow(`Port ${port} (the shop) is the port of another part of this stack too: choose another one with MERIDIAN_SHOP_PORT.`);
  });
});

describe('the parts of a stack', () => {
  it('are stopped in the reverse order of their start, one after the other, and only once', async () => {
    const events: string[] = [];
    const parts = createParts(recordingTeller());
    for (const name of ['Temporal', 'regions', 'worker']) {
      parts.add(name, async () => {
        events.push(`${name} stops`);
        await new Promise((resolve) => { setTimeout(resolve, 5); });
        events.push(`${name} stopped`);
      });
    }
    await parts.stop();
    await parts.stop();
    expect(events).toEqual(['worker stops', 'worker stopped', 'regions stops', 'regions stopped', 'Temporal stops', 'Temporal stopped']);
  });

  it('are stopped although one of them cannot be, which is told', async () => {
    const stopped: string[] = [];
    const tell = recordingTeller();
    const parts = createParts(tell);
    parts.add('the Temporal server', () => Promise.resolve(void stopped.push('Temporal')));
    parts.add('the worker', () => Promise.reject(new Error('it hangs')));
    await parts.stop();
    expect(stopped).toEqual(['Temporal']);
    expect(tell.said).toEqual(['Could not stop the worker: it hangs']);
  });
});
