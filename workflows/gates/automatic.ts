import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { GateAnswer, GateWork } from '../../activities/work.js';
import { durationMs, formatDuration } from '../../src/rollout/duration.js';
import { MeridianFailure } from '../../src/rollout/failure.js';
import { gateKey, gateNeeds } from '../../src/rollout/control/gates.js';
import type { AutomaticGate } from '../../src/rollout/schema/gate.js';
import { failureOf, isExpected } from '../failures.js';
import { soakQueueOf } from '../task-queues.js';
import { questions, watches } from '../timeouts.js';
import type { Gatekeeper } from './gatekeeper.js';

/**
 * Waits until a gate is open that opens by itself; true when it had to wait. What it waits for is looked at outside, by an activity that
 * polls without history; here stands only the time after which a person is asked. Throws `GateExpired` or `GateFailed`.
 */
export async function passAutomatic(keeper: Gatekeeper, gate: AutomaticGate): Promise<boolean> {
  const key = gateKey({ ...keeper.place, gate: gate.name });
  if (keeper.isOverridden(key)) return false;
  const work = keeper.workAt(gate);
  const first = await lookOnce(keeper, work);
  if (first.isOpen) return false;
  const timeoutMs = gate.type === 'window' ? undefined : durationMs(gate.timeout);
  const until = first.opensAt ?? (timeoutMs === undefined ? undefined : new Date(Date.now() + timeoutMs).toISOString());
  await keeper.arrive({
    ...keeper.place, gate: gate.name, type: gate.type, since: new Date().toISOString(), needs: gateNeeds(gate, first.saw), ...(until !== undefined && { until }),
  });
  try {
    await untilOpen(keeper, work, key, timeoutMs);
  } finally {
    await keeper.leave(key);
  }
  return true;
}

async function lookOnce(keeper: Gatekeeper, work: GateWork): Promise<GateAnswer> {
  try {
    return await questions.lookAtGate.executeWithOptions({ summary: `${work.gate.name} of ${keeper.name}: open?` }, [work]);
  } catch (error) {
    throw gateFailed(keeper, work, error);
  }
}

async function untilOpen(keeper: Gatekeeper, work: GateWork, key: string, timeoutMs: number | undefined): Promise<void> {
  const scope = new CancellationScope({ cancellable: true });
  const end: { error?: unknown; isOpen?: true } = {};
  const watching = scope.run(() => watchInto(end, keeper, work));
  const isOver = (): boolean => end.isOpen === true || end.error !== undefined || keeper.isOverridden(key) || keeper.isGivenUp();
  try {
    if (timeoutMs === undefined) await condition(isOver);
    else if (!(await condition(isOver, timeoutMs, { summary: `${work.gate.name} of ${keeper.name} expires` }))) throw expired(keeper, work, timeoutMs);
    if (end.error !== undefined) throw gateFailed(keeper, work, end.error);
  } finally {
    scope.cancel();
    await watching;
  }
}

/** How the watch has ended is read by whoever waits beside it. */
async function watchInto(end: { error?: unknown; isOpen?: true }, keeper: Gatekeeper, work: GateWork): Promise<void> {
  try {
    await watch(keeper, work);
    end.isOpen = true;
  } catch (error) {
    end.error = error;
  }
}

function watch(keeper: Gatekeeper, work: GateWork): Promise<GateAnswer> {
  // A window says itself when to look again; a worker that died is replaced after this at most.
  const intervalMs = work.gate.type === 'window' ? 60_000 : durationMs(work.gate.interval);
  return watches.watchGate.executeWithOptions(
    {
      taskQueue: soakQueueOf(workflowInfo().taskQueue),
      summary: `${work.gate.name} of ${keeper.name}, until it opens`,
      retry: { initialInterval: intervalMs, maximumInterval: intervalMs, backoffCoefficient: 1 },
    },
    [work],
  );
}

const expired = (keeper: Gatekeeper, { gate }: GateWork, timeoutMs: number): MeridianFailure =>
  new MeridianFailure('GateExpired', `${gate.name} of ${keeper.name} has not opened within ${formatDuration(timeoutMs)}. Resume to wait again, or override it with a reason.`);

/** A gate that cannot be asked at all, its settings are wrong, say, has not said yes: that holds. */
function gateFailed(keeper: Gatekeeper, { gate }: GateWork, error: unknown): unknown {
  if (isCancellation(error) || !isExpected(error)) return error;
  const { message } = failureOf(error, `a look at ${gate.name} of ${keeper.name}`);
  return new MeridianFailure('GateFailed', `${gate.name} of ${keeper.name} cannot be asked: ${message}`);
}
