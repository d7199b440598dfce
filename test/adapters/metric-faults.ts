import type http from 'node:http';
import { expect } from 'vitest';
import type { MetricSource } from '../../activities/ports/metric-source.js';
import type { SoakEvidence } from '../../src/judge/evidence.js';
import { judge, noEvidence, observe } from '../../src/judge/judge.js';
import type { Sample } from '../../src/judge/sample.js';
import type { Check } from '../../src/rollout/schema/check.js';
import type { CheckResult } from '../../src/rollout/schema/rollout.js';
import { pour, type Received } from './http-server.js';

export const never = new AbortController().signal;

type Answer = (request: Received, response: http.ServerResponse) => void;

/** Long enough for a busy machine, and short enough to wait for in a test. */
export const patience = '30s';
const impatience = '300ms';

/** Every way in which a source as a whole fails: row D1 of the faults. Each with what the reason must say, and how long to wait for it. */
export const brokenAnswers: [name: string, says: RegExp, timeout: string, answer: Answer][] = [
  ['500', /answered 500/, patience, (_, response) => response.writeHead(500).end('boom')],
  ['503 with a page', /answered 503/, patience, (_, response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>')],
  ['404', /answered 404/, patience, (_, response) => response.writeHead(404).end()],
  ['a redirect', /answered 302/, patience, (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['a login page', /answered text\/html/, patience, (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><form>')],
  ['silence', /no complete answer within 300ms/, impatience, () => {}],
  ['half an answer', /no complete answer within 300ms/, impatience, (_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('a 1\n')],
  ['a closed connection', /closed before the answer was complete/, patience, (_, response) => response.destroy()],
  ['50 MB', /longer than \d+ MB/, patience, (_, response) => pour(response, 50, '# nothing to see here, and a lot of it\n')],
  ['bytes that are no text', /not text in UTF-8/, patience, (_, response) => response.writeHead(200).end(Buffer.from([0x61, 0xff, 0xfe, 0x0a]))],
  ['something that is not HTTP', /not HTTP/, patience, (_, response) => void response.socket!.end('220 smtp.example.com\r\n')],
];

const intervalMs = 10_000;

/** A soak of one check: looks at the source and judges after each look, as the watch does. */
export class TestSoak {
  private evidence: SoakEvidence = noEvidence();
  private cursor: unknown;
  private now = Date.UTC(2026, 10, 21);

  constructor(private readonly source: MetricSource, private readonly check: Check, private readonly minSamples = 100) {}

  async look(source: MetricSource = this.source): Promise<{ sample: Sample; result: CheckResult }> {
    const look = await source.look([this.check], this.cursor, never);
    // The cursor goes through the heartbeat of an activity.
    this.cursor = JSON.parse(JSON.stringify(look.cursor));
    this.now += intervalMs;
    this.evidence = observe(this.evidence, [this.check], look.samples, this.now);
    const [result] = judge(this.evidence, [this.check], { minSamples: this.minSamples, intervalMs }, this.now);
    return { sample: look.samples[this.check.name]!, result: result! };
  }
}

/** Runs `work` and fails when the process grew by more than `megabytes` at any time in it. */
export async function staysBelow<T>(megabytes: number, work: () => Promise<T>): Promise<T> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const gauge = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 2);
  try {
    return await work();
  } finally {
    clearInterval(gauge);
    expect((peak - before) / 1_048_576).toBeLessThan(megabytes);
  }
}
