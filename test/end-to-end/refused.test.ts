import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newMachine, remains } from './machine.js';

describe('a start that cannot work', () => {
  it('names the ports that are taken, and touches nothing', async () => {
    const machine = await newMachine();
    const server = createServer();
    await new Promise<void>((resolve) => { server.listen(Number(new URL(machine.api).port), '127.0.0.1', resolve); });
    try {
      const up = machine.up(['--once']);
      expect(await up.ended).toBe(1);
      expect(up.output()).toMatch(/Port \d+ \(the API\) is in use by another program: stop that program, or choose another port with MERIDIAN_PORT\./);
      expect(await remains(machine)).toEqual([]);
    } finally {
      server.close();
      await machine.clean();
    }
  });

  it('says that a stack runs already, and as which process', async () => {
    const machine = await newMachine();
    try {
      const first = machine.up();
      await first.says('Starting the Temporal server');
      const second = machine.up();
      expect(await second.ended).toBe(1);
      expect(second.output()).toMatch(/runs already, as process \d+/);
      first.signal('SIGINT');
      expect(await first.ended).toBe(0);
      expect(await remains(machine)).toEqual([]);
    } finally {
      await machine.clean();
    }
  });

  it('names the releases that there are', async () => {
    const machine = await newMachine();
    try {
      const up = machine.up(['--release', '9.9.9']);
      expect(await up.ended).toBe(1);
      expect(up.output()).toContain('The shop has no release 9.9.9. It has: 1.0.0, 1.1.0, 1.2.0.');
    } finally {
      await machine.clean();
    }
  });

  it('says which folder cannot be used', async () => {
    const machine = await newMachine();
    const file = path.join(machine.home, 'file');
    await writeFile(file, '');
    try {
      const up = machine.up(['--once'], { MERIDIAN_HOME: file });
      expect(await up.ended).toBe(1);
      expect(up.output()).toContain(`The folder ${file} cannot be used`);
    } finally {
      await machine.clean();
    }
  });
});
