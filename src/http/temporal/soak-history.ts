import { gunzipSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { Conclusion } from '../../../activities/conclude-soak.js';
import type { SoakHeartbeat } from '../../../activities/soak-heartbeat.js';
import type { SoakWork } from '../../../activities/work.js';
import { soakNewsSignal, type SoakNews } from '../../../workflows/messages/region.js';
import type { RegionInput } from '../../../workflows/region/run.js';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];
type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

/** What a soak has seen, in the lines of `meridian judge replay`. */
interface KeptSoak {
  /** Its name in what the watch tells. */
  startedAt: string;
  /** By number of the news, or by the question that was answered; in the order in which they first came. */
  pieces: Map<string, string[]>;
}

/** Of one packed piece: what is larger is not ours. */
const largestPiece = 64 * 1024 * 1024;

/** The attempt that a region's workflow is. */
export function attemptOf({ events }: History): number | undefined {
  const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input;
  return argumentOf<Partial<RegionInput>>(input)?.attempt;
}

/**
 * Header, samples and verdicts of the last soak in a region's workflow, as far as they have been told; `watch` is what it has not told yet.
 * Undefined when it has never soaked.
 *
 * News and conclusions overlap: what is said twice is the same line. Of news that are told again the last telling counts: a look that was
 * told first, and kept by nobody when its worker died, was never judged. A watch that began anew, after an update that could not read what it
 * had kept, has written a new header: what stands before belongs to a judge that is no more.
 */
export function lastSoakIn({ events }: History, watch: SoakHeartbeat | undefined): string | undefined {
  const soaks: KeptSoak[] = [];
  const asked = new Map<string, KeptSoak>();
  for (const event of events ?? []) {
    begin(event, soaks, asked);
    keep(event, soaks, asked);
  }
  const last = soaks.at(-1);
  if (last === undefined) return undefined;
  if (watch?.untold !== undefined) add(last, nameOf(watch.untold), watch.untold.samples);
  add(last, 'packed', watch?.packed);
  const lines = [...new Set([...[...last.pieces.values()].flat(), ...(watch?.lines ?? [])])];
  return `${lines.slice(Math.max(0, lines.findLastIndex(isHeader))).join('\n')}\n`;
}

/** A watch begins a soak; a question is about the one that is under way. */
function begin({ eventId, activityTaskScheduledEventAttributes: scheduled }: HistoryEvent, soaks: KeptSoak[], asked: Map<string, KeptSoak>): void {
  const activity = scheduled?.activityType?.name;
  if (activity === 'watchSoak') soaks.push({ startedAt: argumentOf<SoakWork>(scheduled?.input)!.startedAt, pieces: new Map() });
  const soak = soaks.at(-1);
  if (soak !== undefined && (activity === 'watchSoak' || activity === 'concludeSoak')) asked.set(String(eventId), soak);
}

function keep(event: HistoryEvent, soaks: KeptSoak[], asked: Map<string, KeptSoak>): void {
  const { workflowExecutionSignaledEventAttributes: signaled, activityTaskCompletedEventAttributes: completed } = event;
  if (signaled?.signalName === soakNewsSignal.name) {
    const news = argumentOf<SoakNews>(signaled.input);
    if (news !== undefined) add(soaks.findLast(({ startedAt }) => startedAt === news.soak), nameOf(news), news.samples);
  }
  if (completed === undefined || completed === null) return;
  const question = String(completed.scheduledEventId);
  add(asked.get(question), `answer ${question}`, argumentOf<Conclusion | undefined>(completed.result)?.samples);
}

const nameOf = ({ number }: SoakNews): string => `news ${number}`;

function add(soak: KeptSoak | undefined, name: string, samples: string | undefined): void {
  // Empty where the watch had nothing left to tell: that is no gzip.
  if (soak === undefined || samples === undefined || samples === '') return;
  const text = gunzipSync(Buffer.from(samples, 'base64'), { maxOutputLength: largestPiece }).toString('utf8');
  soak.pieces.set(name, text.split('\n').filter((line) => line !== ''));
}

const isHeader = (line: string): boolean => line.startsWith('{"deployAt"');

function argumentOf<T>(payloads: { payloads?: Payload[] | null } | null | undefined): T | undefined {
  const [payload] = payloads?.payloads ?? [];
  return payload ? defaultPayloadConverter.fromPayload<T>(payload) : undefined;
}
