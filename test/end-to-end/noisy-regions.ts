import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Cursor, MetricSource } from '../../activities/ports/metric-source.js';
import { scrapeMetrics } from '../../src/adapters/scrape-metrics.js';
import type { Look, Sample } from '../../src/judge/sample.js';
import { openJudge } from '../../src/judge/soak-judge.js';
import type { SoakVerdict } from '../../src/judge/verdict.js';
import type { Check } from '../../src/rollout/schema/check.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { shopFolder, ShopProcess, type Version } from '../examples/shop-process.js';
import { freePortRange } from '../support/free-ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { checks: shopChecks, soak } = PipelineDocument.parse(parse(await readFile(`${shopFolder}pipeline.yaml`, 'utf8')));

/**
 * The shop's own checks, and two of the noise that they leave out: carts that customers have broken count as errors too, and the whole
 * distribution of the times is compared.
 */
const checks: Check[] = [
  ...shopChecks.map((check): Check => (check.name === 'errors' && check.kind === 'ratio' ? { ...check, bad: 'http_requests_total{route="/checkout",status!="200"}' } : check)),
  { name: 'times', kind: 'histogram', buckets: 'http_request_duration_seconds_bucket{route="/checkout"}' },
];

/** At most so many regions are compared with: those of a rollout are chosen alike. */
const controlLimit = 8;

/** A region of the shop, with customers who are not always kind to it. */
export interface NoisyRegion {
  name: string;
  /** Stops what runs there and starts this release in its place, as a deploy does. */
  deploy(version: Version): Promise<void>;
  source: MetricSource;
}

/** Regions on 1.1.0, all of them in the country with the tax that 1.2.0 does not know; `rate` orders a second in each. Gone when the test is over. */
export async function openRegions(count: number, rate: number, noise: number): Promise<NoisyRegion[]> {
  const scrape = scrapeMetrics();
  const firstPort = await freePortRange(count);
  const ports = Array.from({ length: count }, (_, index) => firstPort + index);
  const regions = await Promise.all(ports.map(async (port, index): Promise<NoisyRegion> => {
    const settings = { region: 'sydney', port, dataFolder: await temporaryFolder() };
    let shop = await ShopProcess.start({ ...settings, version: '1.1.0' });
    return {
      name: `place-${index + 1}`,
      async deploy(version) {
        await shop.stop();
        shop = await ShopProcess.start({ ...settings, version });
      },
      source: scrape({ type: 'scrape', url: `http://127.0.0.1:${port}/metrics`, timeout: '5s' }),
    };
  }));
  const targets = regions.flatMap(({ name }, index) => ['--target', `${name}=http://127.0.0.1:${ports[index]}=1=production`]);
  const load = spawn(process.execPath, [`${shopFolder}load.js`, '--rate', String(rate * count), '--noise', String(noise), ...targets], { stdio: ['pipe', 'ignore', 'inherit'] });
  onTestFinished(() => { load.kill('SIGKILL'); });
  return regions;
}

/** Soaks each of `regions` against the others, from now on, by one look a second. Answers the last verdict of each: the first `fail`, or what is said at the end. */
export async function soakTogether(regions: NoisyRegion[], others: NoisyRegion[], seconds: number): Promise<SoakVerdict[]> {
  const controls = others.slice(0, controlLimit);
  const watched = [...regions, ...controls].map(watch);
  const startedAt = Date.now() / 1_000;
  const judges = regions.map(() => openJudge({ deployAt: startedAt, step: 1, checks, soak: { min: 12, max: seconds, minSamples: soak.minSamples } }, []));
  const verdicts: SoakVerdict[] = [];
  for (let second = 1; second <= seconds; second += 1) {
    await sleep(Math.max(0, (startedAt + second) * 1_000 - Date.now()));
    const seen = await Promise.all(watched.map((look) => look()));
    const t = Date.now() / 1_000;
    judges.forEach((judge, index) => {
      if (verdicts[index]?.decision === 'fail') return;
      const beside = controls.map(({ name }, at) => [name, seen[regions.length + at]!] as const);
      verdicts[index] = judge.observe(lookOf(t, seen[index]!, beside));
    });
  }
  return verdicts;
}

type Samples = Record<string, Sample>;

const lookOf = (t: number, region: Samples, controls: (readonly [string, Samples])[]): Look => ({
  t,
  checks: Object.fromEntries(checks.map(({ name }) => [name, { region: region[name]!, controls: Object.fromEntries(controls.map(([control, samples]) => [control, samples[name]!])) }])),
});

/** Looks at one region again and again; the first look only begins to count. */
function watch({ source }: NoisyRegion): () => Promise<Samples> {
  let cursor: Cursor | undefined;
  return async () => {
    const seen = await source.look(checks, cursor, AbortSignal.timeout(10_000));
    cursor = seen.cursor;
    return seen.samples;
  };
}
