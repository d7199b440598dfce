import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRegions } from '../../src/adapters/process-regions.js';
import { storeOf } from '../../src/embedded/temporal/embedded.js';
import { findServers } from '../../src/embedded/temporal/orphan.js';
import { allOn, newMachine, type Machine } from './machine.js';

// Two stacks side by side, on folders and ports of their own: one lives a quiet life, the other one is killed again and again.
// Each test goes on where the one before it left its stack.

/** Numbers of the processes of the two regions that the bad release must never reach. */
const untouched = async (machine: Machine) => {
  const { 'production/frankfurt': frankfurt, 'production/virginia': virginia } = await machine.pids();
  return { frankfurt, virginia };
};

const runsNothing = async ({ home }: Machine) => ({
  servers: await findServers(storeOf(home)),
  regions: (await listRegions(home)).filter(({ pid }) => pid !== null),
});
const nothing = { servers: [], regions: [] };

describe.concurrent('the main job', () => {
  describe('without trouble', { concurrent: false }, () => {
    let machine: Machine;
    beforeAll(async () => { machine = await newMachine(); });
    afterAll(() => machine.clean());

    it('ships the good release to every region, serves on, and stops everything it started at Ctrl-C', async () => {
      const up = machine.up();
      await up.says('Everything keeps running until Ctrl-C.');
      expect(await machine.ask()).toEqual(allOn('1.1.0'));
      expect((await fetch(`${machine.api}/readyz`)).status).toBe(200);
      up.signal('SIGINT');
      up.signal('SIGINT'); // npm hands on what the terminal has sent already
      expect(await up.ended).toBe(0);
      expect(await machine.ask()).toEqual(allOn(null));
      expect(await runsNothing(machine)).toEqual(nothing);
    });

    it('finds nothing to do when it is started again, and the regions back on what they ran', async () => {
      const up = machine.up(['--once']);
      expect(await up.ended).toBe(0);
      expect(up.output()).toContain('1.1.0 is verified in every region already');
      expect(up.output()).toContain('production/virginia on 1.1.0');
      expect(await runsNothing(machine)).toEqual(nothing);
    });

    it('catches the bad release in sydney, puts back what ran there, and holds; frankfurt and virginia are never touched', async () => {
      const up = machine.up(['--release', '1.2.0']);
      await up.says(/Started again: .*production\/virginia on 1\.1\.0/);
      const before = await untouched(machine);
      await up.says(/shop-2 1\.2\.0: held\./);
      await up.says(/production\/sydney: rolled-back \(1\.1\.0\)/);
      expect(await machine.ask()).toEqual(allOn('1.1.0', { 'staging/frankfurt': '1.2.0' }));
      expect(await untouched(machine)).toEqual(before);
      expect(up.output()).toMatch(/RegionRegressed.*sydney.*%/);
      up.signal('SIGINT');
      expect(await up.ended).toBe(0);
    });

    it('shows the held rollout when it is started again, and exits with 3', async () => {
      const same = machine.up(['--release', '1.2.0', '--once']);
      expect(await same.ended).toBe(3);
      expect(same.output()).toContain('shop-2 ships 1.2.0 already');
      const other = machine.up(['--release', '1.1.0', '--once']);
      expect(await other.ended).toBe(3);
      expect(other.output()).toContain('shop-2 (1.2.0) holds the environments');
      expect(other.output()).toMatch(/production +sydney +1\.1\.0/);
      expect(await runsNothing(machine)).toEqual(nothing);
    });
  });

  describe('when the process is killed', { concurrent: false }, () => {
    let machine: Machine;
    beforeAll(async () => { machine = await newMachine(); });
    afterAll(() => machine.clean());

    it('the good release still reaches every region, by the same rollout', async () => {
      const first = machine.up(['--once']);
      await first.says('shop-1 production/sydney: soaking');
      first.signal('SIGKILL');
      expect(await first.ended).toBe('SIGKILL');
      const before = await machine.pids();
      expect(Object.values(before)).not.toContain(null);

      const second = machine.up();
      await second.says('Found running:');
      expect(second.output()).toContain('Took over the Temporal server that an earlier start left behind');
      expect(second.output()).not.toContain('Started again:');
      await second.says('Everything keeps running until Ctrl-C.');
      expect(second.output()).toContain('shop-1 ships 1.1.0 already');
      expect(await machine.ask()).toEqual(allOn('1.1.0'));
      second.signal('SIGKILL');
      await second.ended;
    });

    it('the bad release still ends held, with sydney back on the good one and frankfurt and virginia never touched', async () => {
      const before = await untouched(machine);
      const first = machine.up(['--release', '1.2.0', '--once']);
      await first.says('shop-2 production/sydney: soaking');
      first.signal('SIGKILL');
      await first.ended;

      const second = machine.up(['--release', '1.2.0']);
      await second.says(/production\/sydney: rolled-back \(1\.1\.0\)/);
      await second.says(/shop-2 1\.2\.0: held\./);
      expect(await machine.ask()).toEqual(allOn('1.1.0', { 'staging/frankfurt': '1.2.0' }));
      expect(await untouched(machine)).toEqual(before);
      second.signal('SIGTERM');
      expect(await second.ended).toBe(0);
      const third = machine.up(['--release', '1.2.0', '--once']);
      expect(await third.ended).toBe(3);
      expect(await runsNothing(machine)).toEqual(nothing);
    });
  });
});

describe('a start that cannot work', () => {
  it('names the ports that are taken, and touches nothing', async () => {
    const machine = await newMachine();
    const server = createServer();
    await new Promise<void>((resolve) => { server.listen(Number(new URL(machine.api).port), '127.0.0.1', resolve); });
    try {
      const up = machine.up(['--once']);
      expect(await up.ended).toBe(1);
      expect(up.output()).toMatch(/Port \d+ \(the API\) is in use by another program: stop that program, or choose another port with MERIDIAN_PORT\./);
      expect(await runsNothing(machine)).toEqual(nothing);
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
      expect(await runsNothing(machine)).toEqual(nothing);
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
