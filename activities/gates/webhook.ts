import type { Dependencies } from '../dependencies.js';
import { contextOf } from './connect.js';
import type { Seen, WorkAt } from './look.js';

/** Open when the user's own service says so. */
export async function lookAtWebhook(dependencies: Dependencies, work: WorkAt<'webhook'>, signal: AbortSignal): Promise<Seen> {
  const { gate, settings: _settings, ...where } = work;
  const { fill, variables, secretNames } = await contextOf(dependencies, work);
  const secrets = Object.fromEntries(secretNames.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]!]] : [])));
  return dependencies.askGatekeeper(fill(gate), where, secrets, signal);
}
