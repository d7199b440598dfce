import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Notice } from '../../activities/ports/notifier.js';
import { logNotifier } from '../../src/adapters/log-notifier.js';

it.each<[Notice['kind'], string]>([
  ['stuck', 'error'], ['held', 'warn'], ['rolled-back', 'warn'], ['failed', 'error'], ['regressed', 'error'], ['waiting', 'info'], ['succeeded', 'info'], ['aborted', 'warn'],
])('a rollout that is %s is logged as %s, with its name and its text', async (kind, level) => {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) });
  await logNotifier(logger).notify({ pipeline: 'shop', rollout: 'shop-12', kind, text: 'sydney answered 2.1 % with errors' });
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { level: pino.levels.values[level], pipeline: 'shop', rollout: 'shop-12', kind, msg: 'sydney answered 2.1 % with errors' },
  ]);
});
