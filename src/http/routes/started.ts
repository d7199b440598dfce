import { MeridianFailure } from '../../rollout/failure.js';
import { Rollout } from '../../rollout/schema/rollout.js';
import type { Answer, DocumentedAnswer } from '../route.js';
import { OutOfReach } from '../temporal/out-of-reach.js';
import type { RolloutView } from '../temporal/workflows.js';
import type { Services } from './services.js';

/** What starting a rollout answers. */
export const startedAnswer: DocumentedAnswer = {
  description: 'The rollout is numbered; it runs, waits in line or waits for its time',
  schema: Rollout,
  headers: { Location: { description: 'Where the rollout is read', schema: { type: 'string' } } },
};

/** What its admission has told of a rollout that cannot be read just now. */
export const unread = { status: 'queued' as const, phase: null, why: 'It is admitted; what it does cannot be read just now.', overrides: [], waitingFor: [], regions: [], timeline: [] };

/**
 * The rollout as it stands; `otherwise` when it cannot be read. It was started, whatever happens now: a caller who would
 * send the request again without a key would start a second one.
 */
export async function answerStarted({ workflows, links }: Services, rollout: string, otherwise: () => RolloutView | Promise<RolloutView>): Promise<Answer> {
  const view = await workflows.rollout(rollout).catch((error: unknown) => {
    if (error instanceof OutOfReach || error instanceof MeridianFailure) return otherwise();
    throw error;
  });
  const pair = links.rollout(view.id);
  return { status: 202, body: { ...view, links: pair } satisfies Rollout, headers: { Location: pair.self } };
}
