import { z } from 'zod';
import type { Place, StepAnswer } from '../../activities/ports/region-target.js';
import { MeridianFailure, type FailureCode } from '../rollout/failure.js';
import { ReleaseVersion } from '../rollout/schema/names.js';
import { Release } from '../rollout/schema/release.js';
import { excerpt } from './excerpt.js';
import { releasesOf, type Ask } from './step-request.js';

/** What a webhook or a script answers. Keys that we do not know are its own business. */
const StepReply = z.object({
  status: z.enum(['done', 'running', 'failed']),
  release: z.union([ReleaseVersion.transform((version): Release => ({ version })), Release]).nullable().optional(),
  message: z.string().optional(),
  retryAfter: z.number().min(0).max(86_400).optional().describe('Seconds'),
});
type StepReply = z.infer<typeof StepReply>;

/** A reply is polled no more often than this, and at this pace when it names none. */
const pollMs = { shortest: 500, usual: 5_000 };

/** What a verb's failure is called. An undo that failed is tried again; a deploy that failed is not. */
const codes = { current: 'TargetMisconfigured', deploy: 'DeployFailed', verify: 'VerifyFailed', undo: 'UndoFailed' } as const satisfies Record<string, FailureCode>;

/** Where a step is, for messages: the region, and the tenant when it is about one. */
export const nameOf = ({ region, tenant }: Place): string => (tenant === undefined ? region : `${region}/${tenant}`);

/** The failure of one verb in one region, said by `who` (`webhook hooks.example.com`). */
export const stepFailure = (ask: Ask, who: string, what: string): MeridianFailure =>
  new MeridianFailure(codes[ask.action], `${nameOf(ask.place)}: ${who} ${what}`);

/** Nothing is known of the step: it is asked for again with the same key. */
export const stepUnknown = (ask: Ask, who: string, what: string, cause?: unknown): MeridianFailure =>
  new MeridianFailure('RegionUnreachable', `${nameOf(ask.place)}: ${who} ${what} (${ask.action})`, { cause });

/** Reads an answer to deploy, verify or undo. Throws the verb's failure when it failed, makes no sense, or names another release than was asked for. */
export function readStepAnswer(ask: Exclude<Ask, { action: 'current' }>, who: string, text: string): StepAnswer {
  const reply = parseReply(ask, who, text);
  const message = excerpt(reply.message ?? '', ask.place);
  switch (reply.status) {
    case 'failed':
      throw stepFailure(ask, who, `says that ${ask.action} failed: ${message || 'it gave no message'}`);
    case 'running':
      return { status: 'running', retryAfterMs: Math.max(pollMs.shortest, (reply.retryAfter ?? pollMs.usual / 1_000) * 1_000), message };
    case 'done':
      refuseOtherRelease(ask, who, reply);
      return { status: 'done' };
  }
}

/** Reads an answer to `current`: what runs there, null when nothing does. */
export function readCurrent(ask: Extract<Ask, { action: 'current' }>, who: string, text: string): Release | null {
  const reply = parseReply(ask, who, text);
  if (reply.status !== 'done') throw stepUnknown(ask, who, `does not know what runs there: ${excerpt(reply.message ?? reply.status, ask.place)}`);
  // A forgotten field must not be taken for an empty region.
  if (reply.release === undefined) throw stepFailure(ask, who, 'did not say which release runs there: answer { "release": "1.4.2" }, or null when nothing does');
  return reply.release;
}

function parseReply(ask: Ask, who: string, text: string): StepReply {
  const parsed = StepReply.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const problem = path.length === 0 ? 'is no JSON object' : `is wrong at ${path.join('.')} (${message})`;
  throw stepFailure(ask, who, `gave an answer that ${problem}: ${excerpt(text, ask.place, 200) || 'it is empty'}. Answer { "status": "done" | "running" | "failed" }`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema refuses it with the same words as any other answer that is no object.
  }
}

function refuseOtherRelease(ask: Exclude<Ask, { action: 'current' }>, who: string, reply: StepReply): void {
  const wanted = releasesOf(ask).release?.version ?? null;
  const found = reply.release === undefined ? wanted : reply.release?.version ?? null;
  if (found !== wanted) throw stepFailure(ask, who, `says that it is done, with ${found ?? 'nothing'} where ${wanted ?? 'nothing'} should run`);
}
