import { log } from '@temporalio/workflow';
import { placeKey } from '../../src/rollout/places.js';
import { nextJoiner, noteTried, type Joiner } from '../../src/rollout/pipeline/joiners.js';
import { failureOf, isExpected } from '../failures.js';
import { notices } from '../timeouts.js';
import { beforeTheEnd, changeLedger, type PipelineRun } from './run.js';
import { begin } from './start-rollout.js';

// Rollouts that nobody sends a request for: what a person has promoted, and what places get that are behind.

/** Who ships when it is nobody: the name in the record of such a rollout. */
export const meridian = { by: 'meridian', roles: ['*'] };

export const hasPromotion = ({ ledger }: PipelineRun): boolean => ledger.promotions.length > 0;

/** Ships a release on to the environment that somebody has promoted it to, in their name. */
export async function startPromotion(run: PipelineRun): Promise<void> {
  const [promotion, ...promotions] = run.ledger.promotions;
  if (promotion === undefined) return;
  changeLedger(run, { ...run.ledger, promotions });
  const { release, to, by, roles, reason } = promotion;
  const options = { to, lane: 'normal' as const, rehearse: false, ...(reason !== undefined && { reason }) };
  try {
    await begin(run, { release: { version: release }, options, by, roles, isPromotion: true });
  } catch (error) {
    if (!isExpected(error)) throw error;
    const { message } = failureOf(error, 'the promotion');
    tellOfRefusal(run, promotion.from, `${release} does not go on to ${to}, as ${by} wanted: ${message}`);
  }
}

/** Nobody waits for an answer: people are told. */
function tellOfRefusal(run: PipelineRun, rollout: string | undefined, text: string): void {
  log.warn('what was to be shipped by itself was refused', { text });
  const notice = { pipeline: run.ledger.name, ...(rollout !== undefined && { rollout }), kind: 'failed' as const, text };
  beforeTheEnd(run, notices.notify
    .executeWithOptions({ summary: 'what was to be shipped by itself was refused' }, [notice])
    .catch((error: unknown) => log.warn('nobody could be told', { error: String(error) })));
}

export const hasJoiner = ({ ledger }: PipelineRun): boolean => nextJoiner(ledger) !== null;

/** Ships what an environment runs to the places that are behind there. Whatever comes of it, the same is not tried again by itself. */
export async function shipJoiner(run: PipelineRun): Promise<void> {
  const joiner = nextJoiner(run.ledger);
  if (joiner === null) return;
  changeLedger(run, noteTried(run.ledger, joiner.places, joiner.release.version));
  try {
    await begin(run, joinerRequest(joiner));
  } catch (error) {
    if (!isExpected(error)) throw error;
    const { message } = failureOf(error, 'the joiner');
    tellOfRefusal(run, undefined, `${joiner.places.map(placeKey).join(' and ')} cannot get ${joiner.release.version}, which the others run: ${message}`);
    changeLedger(run, noteTried(run.ledger, joiner.places, null));
  }
}

function joinerRequest({ environment, release, places }: Joiner) {
  const names = places.map(({ region, tenant }) => (tenant === undefined ? region : `${tenant} in ${region}`)).join(', ');
  const reason = `${environment} runs ${release.version}, verified, everywhere else: ${names} shall too`;
  return {
    ...meridian, release, isJoiner: true,
    options: { to: environment, override: { from: environment, reason }, lane: 'normal' as const, rehearse: false, reason },
  };
}
