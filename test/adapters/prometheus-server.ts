import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { closedPort } from './http-server.js';

/** Debian's package `prometheus`, or any other on the PATH. The CI demands it: there a test without it fails. */
export const hasPrometheus = process.env.MERIDIAN_REQUIRE_PROMETHEUS === '1' || spawnSync('prometheus', ['--version']).error === undefined;

/** An alert that Prometheus watches for. */
export interface AlertRule {
  alert: string;
  expr: string;
  labels?: Record<string, string>;
}

/** Whom it scrapes: a URL, or those of some regions, told apart by the label `region`. */
type Targets = string | Record<string, string>;

/** A real Prometheus on a free port that scrapes every `interval`, and ends with the test. Gives its URL. */
export async function startPrometheus(targets: Targets, interval = '100ms'): Promise<string> {
  return (await startStoppablePrometheus(targets, [], interval)).url;
}

function targetsOf(targets: Targets): { targets: string[]; labels?: Record<string, string> }[] {
  if (typeof targets === 'string') return [{ targets: [new URL(targets).host] }];
  return Object.entries(targets).map(([region, url]) => ({ targets: [new URL(url).host], labels: { region } }));
}

/** The same, which looks for `alerts` too and can be stopped in the middle of a test. */
export async function startStoppablePrometheus(targets: Targets, alerts: AlertRule[], interval = '100ms'): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'meridian-prometheus-'));
  const config = path.join(folder, 'prometheus.yml');
  await writeFile(config, JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: ['alerts.yml'],
    scrape_configs: [{ job_name: 'shop', static_configs: targetsOf(targets) }],
  }));
  await writeFile(path.join(folder, 'alerts.yml'), JSON.stringify({ groups: [{ name: 'alerts', rules: alerts }] }));
  const port = await closedPort();
  const server = spawn('prometheus', [
    `--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error',
  ], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), { timeout: 30_000, interval: 50 });
  return { url, stop };
}
