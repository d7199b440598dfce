import { gzipSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { SoakHeartbeat } from '../../activities/soak-heartbeat.js';
import { attemptOf, lastSoakIn } from '../../src/http/temporal/soak-history.js';

type History = Parameters<typeof lastSoakIn>[0];

const packed = (...lines: string[]): string => gzipSync(`${lines.join('\n')}\n`).toString('base64');
const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });

const scheduled = (eventId: number, name: string, input: unknown) =>
  ({ eventId, activityTaskScheduledEventAttributes: { activityType: { name }, input: payloads(input) } });
const completed = (scheduledEventId: number, result: unknown) =>
  ({ activityTaskCompletedEventAttributes: { scheduledEventId, result: payloads(result) } });
const numbered = (number: number, soak: string, ...lines: string[]) =>
  ({ workflowExecutionSignaledEventAttributes: { signalName: 'soakNews', input: payloads({ soak, number, samples: packed(...lines) }) } });
let number = 0;
const news = (soak: string, ...lines: string[]) => numbered(++number, soak, ...lines);
const historyOf = (...events: object[]): History => ({ events });

const header = '{"deployAt":1}';
const linesOf = (text: string | undefined): string[] | undefined => text?.trimEnd().split('\n');
const watching = (untold: string[], lines: string[]): SoakHeartbeat =>
  ({ untold: { soak: 'one', number: 1_000, samples: packed(...untold) }, lines }) as unknown as SoakHeartbeat;

const watch = scheduled(5, 'watchSoak', { startedAt: 'one' });

describe('the history of a region', () => {
  it('holds what the watch has told, in order, and what it gives back', () => {
    const history = historyOf(watch, news('one', header, 'a'), news('one', 'b'), completed(5, { samples: packed('c') }));
    expect(lastSoakIn(history, undefined)).toBe(`${header}\na\nb\nc\n`);
  });

  it('holds once what was told twice: by an answer and by the watch, or again after a crash', () => {
    const history = historyOf(watch, news('one', header, 'a'), scheduled(7, 'concludeSoak', {}), completed(7, { samples: packed('b', 'c') }), news('one', 'b', 'c', 'd'), news('one', 'b', 'c', 'd'));
    expect(linesOf(lastSoakIn(history, undefined))).toEqual([header, 'a', 'b', 'c', 'd']);
  });

  it('holds of news that were told again the last telling alone: a look that nobody has kept was never judged', () => {
    const history = historyOf(watch, numbered(1, 'one', header, 'a', 'lost'), numbered(1, 'one', header, 'a', 'b'), numbered(2, 'one', 'c'));
    expect(linesOf(lastSoakIn(history, undefined))).toEqual([header, 'a', 'b', 'c']);
  });

  it('goes on with what the watch has not told yet', () => {
    expect(linesOf(lastSoakIn(historyOf(watch, news('one', header, 'a')), watching(['a', 'b'], ['c'])))).toEqual([header, 'a', 'b', 'c']);
  });

  it('may hold an answer without samples: all had been told', () => {
    const history = historyOf(watch, news('one', header, 'a'), scheduled(7, 'concludeSoak', {}), completed(7, { samples: '' }), completed(5, {}));
    expect(linesOf(lastSoakIn(history, undefined))).toEqual([header, 'a']);
  });

  it('is that of the last soak, whatever is still told of the one before', () => {
    const history = historyOf(watch, news('one', header, 'a'), scheduled(9, 'watchSoak', { startedAt: 'two' }), news('one', 'late'), news('two', header, 'x'), completed(5, { samples: packed('later') }));
    expect(linesOf(lastSoakIn(history, undefined))).toEqual([header, 'x']);
  });

  it('begins with the judge that was there at the end', () => {
    expect(linesOf(lastSoakIn(historyOf(watch, news('one', header, 'a', '{"deployAt":1,"learned":{}}', 'b')), undefined))).toEqual(['{"deployAt":1,"learned":{}}', 'b']);
  });

  it('is none where nobody has soaked, whatever else was done there', () => {
    expect(lastSoakIn(historyOf(scheduled(3, 'deploy', {}), completed(3, { samples: 7 }), news('one', 'a')), undefined)).toBeUndefined();
  });

  it('says which attempt it is', () => {
    expect(attemptOf(historyOf({ workflowExecutionStartedEventAttributes: { input: payloads({ attempt: 2 }) } }))).toBe(2);
    expect(attemptOf(historyOf({}))).toBeUndefined();
  });
});
