import type { Run } from '../run.js';
import type { Phase } from './rows.js';

/** Adds a line for people to the log, in the transaction of what it tells. */
export async function note({ session: { client }, step: { pipeline, place, rollout } }: Run, name: string, phase: Phase, what: string): Promise<void> {
  await client.query('insert into meridian.log (pipeline, name, phase, what, place, rollout) values ($1, $2, $3, $4, $5, $6)', [pipeline, name, phase, what, place, rollout]);
}
