import type { WindowGate } from '../../schema/gate.js';
import { gatesOf, gatesOfPhase, type StandingGate } from './gates-of.js';
import { repeated, rule, type DocumentError } from './rule.js';

/** The gate that `startAt: tonight` puts before the regions of the last phase. */
const reserved = 'tonight';

/** A decision names a gate by its name alone, so the name means one gate in its environment. */
export const gateNamesAreUnique = rule(['lifecycle'], ({ lifecycle }) =>
  lifecycle.flatMap((phase, index) => {
    const gates = gatesOfPhase(phase, `/lifecycle/${index}`);
    return repeated(gates.map(({ gate }) => gate.name), (each) => `${gates[each]!.pointer}/name`, 'gate');
  }));

export const gateNamesAreFree = rule(['lifecycle'], ({ lifecycle }) =>
  gatesOf(lifecycle).filter(({ gate }) => gate.name === reserved).map(({ pointer }) => ({
    pointer: `${pointer}/name`,
    message: `the name ${reserved} is taken: it is the gate of rollouts that start with startAt: tonight. Choose another one`,
  })));

/** Hours are those of some place: a region has its clock and its quiet hours, a phase and a wave have neither. */
export const windowsHaveTheirHours = rule(['lifecycle'], ({ lifecycle }) =>
  gatesOf(lifecycle).flatMap(({ gate, before, pointer }) => (gate.type === 'window' && before !== 'region' ? windowErrors(gate, before, pointer) : [])));

function windowErrors(gate: WindowGate, before: StandingGate['before'], pointer: string): DocumentError[] {
  if (gate.offPeak === true) {
    return [{ pointer: `${pointer}/offPeak`, message: `a ${before} has no quiet hours, only a region has; put the gate under regionGates, or give from, to and timezone` }];
  }
  if (gate.timezone !== undefined) return [];
  return [{ pointer: `${pointer}/timezone`, message: `missing: a ${before} has no time zone of its own; give one such as Europe/Berlin, or put the gate under regionGates` }];
}

/** A gate that asks for numbers or alerts needs somebody to ask. */
export const gatesHaveMetrics = rule(['lifecycle', 'metrics'], ({ lifecycle, metrics }) =>
  gatesOf(lifecycle).flatMap(({ gate, phase, pointer }) => {
    const source = phase.metrics ?? metrics;
    const { environment } = phase;
    if (gate.type === 'metric' && source === undefined) {
      return [{ pointer, message: `${environment} has no source of metrics that ${gate.name} could ask. Give metrics: { type: prometheus, scrape or webhook, url }` }];
    }
    if (gate.type !== 'alerts' || source?.type === 'prometheus') return [];
    return [{ pointer, message: `${gate.name} reads the alerts of a Prometheus, and ${environment} has ${source === undefined ? 'no metrics' : `metrics of type ${source.type}`}. Give metrics: { type: prometheus, url }` }];
  }));

/** A pipeline that waits for itself would wait for ever. */
export const dependenciesAreOthers = rule(['name', 'lifecycle'], ({ name, lifecycle }) =>
  gatesOf(lifecycle).flatMap(({ gate, pointer }) =>
    gate.type === 'dependency' && gate.pipeline === name
      ? [{ pointer: `${pointer}/pipeline`, message: `${name} is this pipeline itself; name the one that it depends on` }]
      : []));

/** A least above a most is never met. */
export const gateBoundsCanBeMet = rule(['lifecycle'], ({ lifecycle }) =>
  gatesOf(lifecycle).flatMap(({ gate, pointer }) =>
    gate.type === 'metric' && gate.min !== undefined && gate.max !== undefined && gate.min > gate.max
      ? [{ pointer: `${pointer}/min`, message: `min is ${gate.min} and max is ${gate.max}: ${gate.name} could never open` }]
      : []));
