import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMachine, remains, type Machine } from './machine.js';

describe('two stacks with folders and ports of their own', () => {
  let one: Machine;
  let other: Machine;
  beforeAll(async () => { [one, other] = await Promise.all([newMachine(), newMachine()]); });
  afterAll(() => Promise.all([one.clean(), other.clean()]));

  it('do not meet: Ctrl-C ends one in the middle of its rollout, and the other one goes on', async () => {
    const [oneUp, otherUp] = [one.up(), other.up()];
    await Promise.all([oneUp.says('shop-1 staging/frankfurt: soaking'), otherUp.says('shop-1 staging/frankfurt: soaking')]);
    oneUp.signal('SIGINT');
    expect(await oneUp.ended).toBe(0);
    expect(await remains(one)).toEqual([]);
    await otherUp.says('shop-1 staging/frankfurt: live');
    expect((await fetch(`${other.api}/readyz`)).status).toBe(200);
    otherUp.signal('SIGINT');
    expect(await otherUp.ended).toBe(0);
    expect(await remains(other)).toEqual([]);
  });

  it('take up where they were after Ctrl-C: the same rollout goes on to its end', async () => {
    const ups = [one.up(['--once']), other.up(['--once'])];
    expect(await Promise.all(ups.map(({ ended }) => ended))).toEqual([0, 0]);
    for (const up of ups) {
      expect(up.output()).toContain('shop-1 ships 1.1.0 already');
      expect(up.output().match(/(staging|production) +\w+ +1\.1\.0/g)).toHaveLength(4);
    }
  });
});
