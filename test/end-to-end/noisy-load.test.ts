import { describe, expect, it } from 'vitest';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import { openRegions, soakTogether } from './noisy-regions.js';

const rate = 40;
const noise = 0.01;
const seconds = 15;

// Real regions, real customers, the real source: orders in bursts, and broken carts and slow lines in waves that all regions have in common.
describe('under a noisy load', () => {
  it('a good release is not stopped in any of 100 soaks', async () => {
    const regions = await openRegions(20, rate, noise);
    const halves = [regions.slice(0, 10), regions.slice(10)] as const;
    const verdicts: SoakVerdict[] = [];
    for (let round = 0; round < 10; round += 1) {
      const [deployed, unchanged] = round % 2 === 0 ? halves : [halves[1], halves[0]];
      await Promise.all(deployed.map((region) => region.deploy('1.1.0')));
      verdicts.push(...await soakTogether(deployed, unchanged, seconds));
    }
    expect(verdicts.filter(({ decision }) => decision === 'fail').map(({ explanation }) => explanation)).toEqual([]);
    const errors = verdicts.map(({ checks }) => checks.find(({ name }) => name === 'errors')!);
    expect(errors.filter(({ evidence, controls }) => evidence >= 100 && controls.length === 8)).toHaveLength(100);
    expect(errors.reduce((sum, { evidence, observed }) => sum + evidence * observed!, 0), 'orders that went wrong').toBeGreaterThan(100);
  });

  it('the bad release is stopped in each of ten', async () => {
    const regions = await openRegions(20, rate, noise);
    const deployed = regions.slice(0, 10);
    await Promise.all(deployed.map((region) => region.deploy('1.2.0')));
    const verdicts = await soakTogether(deployed, regions.slice(10), 2 * seconds);
    expect(verdicts.map(({ decision }) => decision), verdicts.map(({ explanation }) => explanation).join('\n')).toEqual(Array.from({ length: 10 }, () => 'fail'));
  });
});
