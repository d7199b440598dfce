import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Look, Sample } from '../../src/judge/sample.js';
import { openJudge } from '../../src/judge/soak-judge.js';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import { regionSettings } from '../../src/rollout/document/settings.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { shopFolder, type Cart } from './shop-process.js';

const { deckOf } = await import(pathToFileURL(`${shopFolder}load/deck.js`).href) as { deckOf: (profile: string, seed: string) => Cart[] };
const { parseArguments } = await import(pathToFileURL(`${shopFolder}load/arguments.js`).href) as { parseArguments: (argv: string[]) => { targets: { rate: number }[] } };

const document = PipelineDocument.parse(parse(await readFile(`${shopFolder}pipeline.yaml`, 'utf8')));

interface Scene {
  environment: string;
  region: string;
  controls: string[];
}

/** In the order in which the rollout comes to them. Staging is alone; what was shipped a moment ago is no control yet. */
const scenes: Scene[] = [
  { environment: 'staging', region: 'frankfurt', controls: [] },
  { environment: 'production', region: 'sydney', controls: ['virginia', 'frankfurt'] },
  { environment: 'production', region: 'frankfurt', controls: ['virginia'] },
  { environment: 'production', region: 'virginia', controls: ['frankfurt'] },
];
const profileOf = (environment: string): string => (environment === 'production' ? 'production' : 'smoke');

/** Orders a second in a region, as the load generator shares them by default. */
function rateOf(environment: string, region: string): number {
  const regions = environment === 'production' ? Object.entries(document.regions) : [[region, { weight: 1 }] as const];
  const { targets } = parseArguments(regions.flatMap(([name, { weight }]) => ['--target', `${name}=http://127.0.0.1=${weight}=${profileOf(environment)}`]));
  return targets[regions.findIndex(([name]) => name === region)]!.rate;
}

/** Every look at a soak of a release, whose orders fail where this says so, to the first decision that ends it. */
function soak({ environment, region, controls }: Scene, fails: (cart: Cart) => boolean): SoakVerdict {
  const { soak: { minMs, maxMs, minSamples }, checks } = regionSettings(document, { environment, region });
  const judge = openJudge({ deployAt: 0, step: 1, checks, soak: { min: minMs / 1_000, max: maxMs / 1_000, minSamples } }, []);
  const orders = ordersOf(environment, region);
  for (let t = 1; ; t += 1) {
    const dealt = orders(t);
    const verdict = judge.observe(lookAt(t, { total: dealt.length, bad: dealt.filter(fails).length, megabytes: 55 + Math.min(6, t / 2) },
      Object.fromEntries(controls.map((control) => [control, { total: Math.round(rateOf(environment, control)), bad: 0, megabytes: 66 }]))));
    if (!['continue', 'hold', 'extend'].includes(verdict.decision) || t > maxMs / 1_000 + 10) return verdict;
  }
}

function ordersOf(environment: string, region: string): (second: number) => Cart[] {
  const deck = deckOf(profileOf(environment), `shop/${environment}/${region}`);
  const rate = rateOf(environment, region);
  return (second) => {
    const from = Math.floor((second - 1) * rate);
    return Array.from({ length: Math.floor(second * rate) - from }, (_, index) => deck[(from + index) % deck.length]!);
  };
}

interface Seen { total: number; bad: number; megabytes: number }

/** What a scrape of the shop says; the first one only begins to count. */
function lookAt(t: number, region: Seen, controls: Record<string, Seen>): Look {
  const counting: Sample = { kind: 'no-data', reason: 'first look, counting starts now' };
  const each = (sample: (seen: Seen) => Sample) => ({ region: sample(region), controls: Object.fromEntries(Object.entries(controls).map(([name, seen]) => [name, sample(seen)])) });
  return {
    t,
    checks: {
      errors: each(({ bad, total }) => (t === 1 ? counting : { kind: 'ratio', bad, total })),
      latency: each(({ total }) => (t === 1 ? counting : { kind: 'ratio', bad: 0, total })),
      memory: each(({ megabytes }) => ({ kind: 'value', value: megabytes * 1e6 })),
    },
  };
}

it.each(scenes)('orders enough in $environment/$region to prove that nothing got worse', (scene) => {
  expect(soak(scene, () => false).decision).toBe('pass');
});

it('orders enough in sydney to prove by statistics that 1.2.0 is bad', () => {
  expect(soak(scenes[1]!, ({ items }) => items.length > 9)).toMatchObject({ decision: 'fail', cause: 'evidence' });
});
