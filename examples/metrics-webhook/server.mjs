#!/usr/bin/env node
// Metrics out of an access log, for checks of a pipeline: the smallest service that Meridian can ask. docs/metrics.md has every field.
// The log is JSON lines: { "at": "2026-11-21T12:00:00.000Z", "region": "sydney", "status": 200, "seconds": 0.031 }
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { PORT = '4300', LOG = 'access.log', METRICS_SECRET } = process.env;

/** What `bad` and `total` of a check may say. */
const counters = { all: () => true, failed: ({ status }) => status >= 500, slow: ({ seconds }) => seconds > 0.3 };
const edges = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 3];

/** A question that nobody here can answer; the message is shown to people. */
class Unknown extends Error {}

function counterOf(query) {
  if (!Object.hasOwn(counters, query)) throw new Unknown(`there is no counter ${query}; there are ${Object.keys(counters).join(', ')}`);
  return counters[query];
}

/** One check in the lines of one window: what was gained in it (ratio, histogram), or is so at its end (value). */
function sampleOf(check, lines) {
  switch (check.kind) {
    case 'ratio':
      return { bad: lines.filter(counterOf(check.bad)).length, total: lines.filter(counterOf(check.total)).length };
    case 'histogram': {
      if (check.buckets !== 'seconds') throw new Unknown(`there is no histogram ${check.buckets}; there is seconds`);
      const upTo = (edge) => lines.filter(({ seconds }) => seconds <= edge).length;
      return { buckets: Object.fromEntries([...edges.map((edge) => [edge, upTo(edge)]), ['+Inf', lines.length]]) };
    }
    case 'value':
      if (check.query !== 'slowest') throw new Unknown(`there is no value ${check.query}; there is slowest`);
      return lines.length === 0 ? null : { value: Math.max(...lines.map(({ seconds }) => seconds)) };
  }
}

/** Lines after `from`, and up to `to`: a line that lies on an edge is counted once. */
const within = (lines, fromMs, toMs) => lines.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);

const actions = {
  samples({ checks, to }, lines) {
    const [samples, errors] = [{}, {}];
    for (const check of checks) {
      try {
        const fromMs = check.from === undefined ? Date.parse(to) - 60_000 : Date.parse(check.from);
        samples[check.name] = sampleOf(check, within(lines, fromMs, Date.parse(to)));
      } catch (error) {
        if (!(error instanceof Unknown)) throw error;
        errors[check.name] = error.message;
      }
    }
    return { samples, errors };
  },

  history({ checks, from, to, step }, lines) {
    const count = Math.floor((Date.parse(to) - Date.parse(from)) / (step * 1_000));
    const ends = Array.from({ length: count }, (_, index) => Date.parse(from) + (index + 1) * step * 1_000);
    const stepsOf = (check) => ends.map((endMs) => ({ at: new Date(endMs).toISOString(), ...sampleOf(check, within(lines, endMs - step * 1_000, endMs)) }));
    return { history: Object.fromEntries(checks.map((check) => [check.name, stepsOf(check)])) };
  },
};

async function answer(request) {
  const body = (await request.setEncoding('utf8').toArray()).join('');
  if (METRICS_SECRET !== undefined) new Webhook(METRICS_SECRET).verify(body, request.headers);
  const question = JSON.parse(body);
  // An action of a later day, or one that is not worth the trouble: Meridian does without.
  if (!Object.hasOwn(actions, question.action)) return { status: 501, body: {} };
  const region = request.url.slice(1);
  const log = (await readFile(LOG, 'utf8')).split('\n').filter(Boolean).map((text) => JSON.parse(text));
  const lines = log.filter((line) => line.region === region).map((line) => ({ ...line, atMs: Date.parse(line.at) }));
  return { status: 200, body: actions[question.action](question, lines) };
}

createServer(async (request, response) => {
  const { status, body } = await answer(request).catch(() => ({ status: 500, body: {} }));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}).listen(Number(PORT), '127.0.0.1');
