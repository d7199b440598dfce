import { gateKey } from '../../src/rollout/control/gates.js';
import { placeOf } from '../../src/rollout/places.js';
import type { Gatekeeper } from '../gates/gatekeeper.js';
import { passGates as passAll } from '../gates/pass-gates.js';
import { isGivenUp, mayProceed } from './proceed.js';
import { move, nameOf, report, type RegionRun } from './run.js';

/** Waits at each gate of the region, and until something new may start. Fails the region before anything is changed when one does not open. */
export const passGates = (run: RegionRun): Promise<void> =>
  passAll(gatekeeper(run), run.input.settings.gates, () => mayProceed(run));

function gatekeeper(run: RegionRun): Gatekeeper {
  const { pipeline, environment, region, tenant, rollout, release, plan, gateSettings } = run.input;
  return {
    place: placeOf(run.input),
    name: nameOf(run),
    workAt: (gate) => ({
      pipeline, environment, region, ...(tenant !== undefined && { tenant }), rollout, release, plan, gate, settings: gateSettings,
    }),
    async arrive(waiting) {
      move(run, 'gate-closed');
      await report(run, `${nameOf(run)} waits for ${waiting.gate}`, { waitingFor: waiting });
    },
    async leave(key) {
      move(run, 'gates-open');
      await report(run, `${nameOf(run)} waits no more at ${key}`, { leftGate: key });
    },
    isGivenUp: () => isGivenUp(run),
    isApproved: (gate) => run.approved.includes(gate.name),
    isOverridden: (key) => run.overridden.some((gate) => gateKey({ ...placeOf(run.input), gate }) === key),
  };
}
