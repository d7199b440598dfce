import { CancellationScope, condition } from '@temporalio/workflow';
import { regionSettings } from '../../src/rollout/settings.js';
import type { PlannedPhase, PlannedWave } from '../../src/rollout/schema/plan.js';
import { preflights } from '../timeouts.js';
import { passPhaseGates } from './gates.js';
import { change, note } from './record.js';
import { keyOf, regionState, type RolloutRun } from './run.js';
import { shipRegion } from './ship-region.js';

/** The walk through the lifecycle: phase after phase, gate after gate, wave after wave. Ends by its end, or by being cancelled. */
export async function walk(run: RolloutRun): Promise<void> {
  for (const phase of run.input.plan.phases) {
    change(run, { phase: phase.environment });
    note(run, { kind: 'phase', environment: phase.environment, text: `${run.input.release.version} enters ${phase.environment}` });
    await passPhaseGates(run, phase.environment);
    for (const wave of phase.waves) await shipWave(run, phase, wave);
  }
}

/** Looks at everything that the walk will need; nothing has been touched yet. */
export const preflight = (run: RolloutRun): Promise<void> => {
  const { pipeline, document, plan, release } = run.input;
  const places = plan.phases.flatMap(({ environment, waves }) =>
    waves.flatMap((wave) => wave.regions.map(({ region }) => ({
      pipeline, environment, region, settings: regionSettings(document, environment, region),
    }))));
  return preflights.preflight.executeWithOptions(
    { summary: `artifact, variables and targets of ${places.length} ${places.length === 1 ? 'region' : 'regions'}` },
    [{ places, release }],
  );
};

/** Ships the regions of a wave until every one is live. After a hold those that are not are tried again. */
async function shipWave(run: RolloutRun, phase: PlannedPhase, wave: PlannedWave): Promise<void> {
  for (;;) {
    const todo = wave.regions.map(({ region }) => ({ environment: phase.environment, region })).filter((place) => !isLive(run, place));
    if (todo.length === 0) return;
    await mayStart(run);
    note(run, {
      kind: 'wave', environment: phase.environment,
      text: `wave ${wave.number} of ${phase.waves.length} in ${phase.environment}: ${todo.map(({ region }) => region).join(', ')}`,
    });
    await atMost(wave.concurrency, todo, async (place) => {
      await mayStart(run);
      await shipRegion(run, place, wave.number);
    });
  }
}

const isLive = (run: RolloutRun, place: { environment: string; region: string }): boolean =>
  regionState(run, keyOf(place)).status === 'live';

/** Returns when something new may start: never while the rollout is paused, held, or stopped. */
export async function mayStart(run: RolloutRun): Promise<void> {
  await condition(() => run.view.status === 'running' || run.view.status === 'waiting');
  // A stop that came while nothing was awaited counts before the next start, not after it.
  if (CancellationScope.current().consideredCancelled) await condition(() => false);
}

/** Works through `items` in order, `limit` at once, and ends when all have ended. */
async function atMost<T>(limit: number, items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const line = [...items];
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (let item = line.shift(); item !== undefined; item = line.shift()) await work(item);
  });
  const outcomes = await Promise.allSettled(lanes);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
