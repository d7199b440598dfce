import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOn, killTemporal, newMachine, remains, untouched, type Machine } from './machine.js';

// Each test goes on where the one before it left its stack.
describe('when the process is killed', () => {
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
    expect(await remains(machine)).toEqual([]);
  });

  it('a Temporal server that dies under it is told, and ends the rest with 1', async () => {
    const up = machine.up(['--release', '1.2.0']);
    await up.says(/shop-2 1\.2\.0: held\./);
    await killTemporal(machine);
    expect(await up.ended).toBe(1);
    expect(up.output()).toContain('The Temporal server has ended.');
    expect(await remains(machine)).toEqual([]);
  });
});
