import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSoak } from '../../src/judge/replay/read-soak.js';
import { replaySoak } from '../../src/judge/replay/replay-soak.js';
import { verdictLine } from '../../src/judge/replay/verdict-line.js';
import { allOn, newMachine, remains, untouched, type Machine } from './machine.js';

/** What the API says of the soak of a region of production, in the rollout of the bad release. */
async function soakOf({ api }: Machine, region: string): Promise<unknown> {
  const { regions } = await (await fetch(`${api}/v1/rollouts/shop-2`)).json() as { regions: { environment: string; region: string; soak: unknown }[] };
  return regions.find((each) => each.environment === 'production' && each.region === region)?.soak;
}

/** The verdicts that were told while it soaked, and those that the same judge gives on the samples now; as lines. */
async function samplesOf({ api }: Machine, region: string): Promise<{ told: string[]; replayed: string[] }> {
  const text = await (await fetch(`${api}/v1/rollouts/shop-2/soaks/production/${region}`)).text();
  const told = text.split('\n').filter((line) => line.includes('"decision"'));
  return { told, replayed: [...replaySoak(readSoak(text))].map(verdictLine) };
}

// Each test goes on where the one before it left its stack.
describe('the main job', () => {
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
    expect(await remains(machine)).toEqual([]);
  });

  it('finds nothing to do when it is started again, and the regions back on what they ran', async () => {
    const up = machine.up(['--once']);
    expect(await up.ended).toBe(0);
    expect(up.output()).toContain('1.1.0 is verified in every region already');
    expect(up.output()).toContain('production/virginia on 1.1.0');
    expect(await remains(machine)).toEqual([]);
  });

  it('catches the bad release in sydney by statistics, puts back what ran there, and holds; frankfurt and virginia are never touched', async () => {
    const up = machine.up(['--release', '1.2.0']);
    await up.says(/Started again: .*production\/virginia on 1\.1\.0/);
    const before = await untouched(machine);
    await up.says(/shop-2 1\.2\.0: held\./);
    await up.says(/production\/sydney: rolled-back \(1\.1\.0\)/);
    expect(await machine.ask()).toEqual(allOn('1.1.0', { 'staging/frankfurt': '1.2.0' }));
    expect(await untouched(machine)).toEqual(before);
    expect(up.output()).toMatch(/RegionRegressed.*production\/sydney.*errors ×.* against (virginia and frankfurt|frankfurt and virginia) .*evidence [\d,]+ : 1/);
    expect(await soakOf(machine, 'sydney')).toMatchObject({ decision: 'fail', cause: 'evidence', checks: [{ name: 'errors', verdict: 'fail' }, {}, {}] });
    const { told, replayed } = await samplesOf(machine, 'sydney');
    expect(told.length).toBeGreaterThan(1);
    expect(replayed).toEqual(expect.arrayContaining(told));
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
    expect(await remains(machine)).toEqual([]);
  });
});
