import type { Dependencies } from '../dependencies.js';
import { contextOf, sourceOf } from './connect.js';
import type { Seen, WorkAt } from './look.js';
import { askValue, whyUnknown } from './metric.js';

/** Open while no alert with these labels fires. */
export async function lookAtAlerts(dependencies: Dependencies, work: WorkAt<'alerts'>, signal: AbortSignal): Promise<Seen> {
  const { gate, settings } = work;
  if (settings.metrics?.type !== 'prometheus') {
    return { isOpen: false, saw: `${gate.name} asks for firing alerts, which only metrics of the type prometheus know` };
  }
  const context = await contextOf(dependencies, work);
  const query = firingAlerts(context.fill(gate.labels));
  const sample = await askValue(sourceOf(dependencies, settings.metrics, context), { name: gate.name, query, max: 0 }, signal);
  if (sample.kind !== 'value') return { isOpen: false, saw: `${gate.name} is not known: ${whyUnknown(sample)}` };
  const { value: count } = sample;
  return { isOpen: count === 0, saw: count === 0 ? 'no alert fires' : `${count} ${count === 1 ? 'alert fires' : 'alerts fire'}` };
}

/**
 * How many alerts with these labels fire. The ALERTS series of an alert that does not fire does not exist: `or vector(0)` makes its
 * absence a number, so that no answer at all stays something else.
 */
export function firingAlerts(labels: Record<string, string>): string {
  const matchers = Object.entries({ ...labels, alertstate: 'firing' }).map(([label, value]) => `${label}=${quoted(value)}`);
  return `count(ALERTS{${matchers.join(',')}}) or vector(0)`;
}

/** A PromQL string: its escapes are those of Go, which knows all that JSON writes. A dollar sign would be read as the mark of a window. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('$', String.raw`\x24`);
