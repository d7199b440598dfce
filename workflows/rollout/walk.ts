import { namesOf } from '../../src/rollout/migrations/known.js';
import { placesOf } from '../../src/rollout/plan/plan.js';
import { placeKey, placeOf, type Place } from '../../src/rollout/places.js';
import type { SchemaCheck } from '../../activities/work.js';
import type { PlannedPhase, PlannedRegion, PlannedWave } from '../../src/rollout/schema/plan.js';
import { gatesAt } from '../../src/rollout/document/settings.js';
import { preflights } from '../timeouts.js';
import { passOverDrained } from './drained.js';
import { expandFirst } from './expand-first.js';
import { passPhaseGates, passWaveGates } from './gates.js';
import { mayStart } from './may-start.js';
import { areStillGood } from './recheck.js';
import { change, note } from './record.js';
import { regionState, type RolloutRun } from './run.js';
import { shipRegion } from './ship-region.js';

/**
 * The walk through the lifecycle: phase after phase, gate after gate, wave after wave. Ends by its end, or by being cancelled. What a
 * later look finds bad in a phase that was left behind is shipped again before the walk goes on.
 */
export async function walk(run: RolloutRun): Promise<void> {
  for (let phase = nextPhase(run); phase !== undefined; phase = nextPhase(run)) {
    if (!run.entered.includes(phase.environment) && !(await enter(run, phase))) continue;
    await shipPhase(run, phase.environment);
  }
}

/** The first phase with a place that the release still has to reach. */
const nextPhase = (run: RolloutRun): PlannedPhase | undefined =>
  run.plan.phases.find((phase) => placesOf(phase).some((place) => isToShip(run, place)));

const isToShip = (run: RolloutRun, place: Place): boolean =>
  regionState(run, place).status !== 'live' && run.leftOut[placeKey(place)] === undefined;

/** True when the release may enter the phase: it is still good in the phase before, and every gate is open. */
async function enter(run: RolloutRun, phase: PlannedPhase): Promise<boolean> {
  await mayStart(run, []);
  if (!(await areStillGood(run, phase))) return false;
  change(run, { phase: phase.environment });
  note(run, { kind: 'phase', environment: phase.environment, text: `${run.input.release.version} enters ${phase.environment}` });
  await passPhaseGates(run, phase, () => mayStart(run, []));
  // A gate may have taken days: what was good before it is looked at once more.
  if (gatesAt(run.input.document, phase.environment, 'phase').length > 0 && !(await areStillGood(run, phase))) return false;
  run.entered.push(phase.environment);
  return true;
}

/** Looks at everything that the walk will need; nothing has been touched yet. */
export const preflight = async (run: RolloutRun): Promise<void> => {
  const { document, release } = run.input;
  // One that is drained may not even answer: its own start looks at it.
  const places = run.plan.phases.flatMap(placesOf).filter(({ region }) => run.holds.drained[region] === undefined);
  const { untested } = await preflights.preflight.executeWithOptions(
    { summary: `artifact, variables, targets and checks of ${places.length} ${places.length === 1 ? 'region' : 'regions'}` },
    [{ document, places, release, schema: schemaCheck(run) }],
  );
  if (untested !== null) note(run, { kind: 'plan', text: untested });
};

/** Whatever is contracted must run what the board says: somebody else's release may need the old shape. */
const schemaCheck = ({ input: { rollout }, plan, schema: { migrations, releases } }: RolloutRun): SchemaCheck =>
  ({ rollout, migrations, toApply: namesOf(plan.migrations), serving: Object.fromEntries(Object.entries(releases).map(([key, { version }]) => [key, version])) });

/** Wave after wave until every place of the phase has the release. The plan may have changed after each. */
async function shipPhase(run: RolloutRun, environment: string): Promise<void> {
  change(run, { phase: environment });
  for (;;) {
    const phase = run.plan.phases.find((each) => each.environment === environment);
    const wave = phase?.waves.find(({ regions }) => regions.some((region) => isToShip(run, { environment, ...region })));
    if (phase === undefined || wave === undefined) return;
    if (await expandFirst(run, phase)) continue;
    if (await passOverDrained(run, phase, wave, todoOf(run, phase, wave))) continue;
    await shipWave(run, phase, wave);
  }
}

const todoOf = (run: RolloutRun, { environment }: PlannedPhase, wave: PlannedWave): Place[] =>
  wave.regions.map((region) => placeOf({ environment, ...region })).filter((place) => isToShip(run, place));

/** Ships what is left of a wave, once. After a hold the regions that are not live are tried again by the next round. */
async function shipWave(run: RolloutRun, phase: PlannedPhase, wave: PlannedWave): Promise<void> {
  const { environment } = phase;
  await mayStart(run, []);
  await passWaveGates(run, phase, wave.number, () => mayStart(run, []));
  const todo = todoOf(run, phase, wave);
  note(run, { kind: 'wave', environment, text: `wave ${wave.number} of ${phase.waves.length} in ${environment}: ${todo.map(shortName).join(', ')}` });
  const rehearse = phase.rehearse && wave === phase.waves[0];
  await atMost(wave.concurrency, byRegion(todo), (tenants) =>
    atMost(phase.tenants === 'together' ? tenants.length : 1, tenants, async (place) => {
      await mayStart(run, [place]);
      // Drained while others of the wave were shipped: the next round sees to it.
      if (run.holds.drained[place.region] === undefined) await shipRegion(run, place, wave.number, rehearse);
    }));
}

const shortName = ({ region, tenant }: PlannedRegion | Place): string => (tenant === undefined ? region : `${region}/${tenant}`);

/** Tenants of one region stand together. */
const byRegion = (places: Place[]): Place[][] =>
  [...new Set(places.map(({ region }) => region))].map((region) => places.filter((place) => place.region === region));

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
