import type { KnownMigration } from '../../../rollout/schema/migration.js';
import { shortly, type Run } from '../run.js';
import { note } from './log.js';
import { readLedger, type Entry, type Phase } from './rows.js';

/** What the ledger says of one migration now. */
export const entryOf = async ({ session, step }: Run, name: string): Promise<Entry> => (await readLedger(session.client, step.pipeline)).get(name) ?? {};

/** The phase is on its way from here on, unless it was already. */
export async function beginPhase(run: Run, { name, checksums }: KnownMigration, phase: Phase): Promise<void> {
  const { session: { client }, step: { pipeline, rollout } } = run;
  await shortly(run, `the beginning of ${name}`, async () => {
    const { rowCount } = await client.query(
      'insert into meridian.migrations (pipeline, name, phase, checksum, rollout) values ($1, $2, $3, $4, $5) on conflict do nothing',
      [pipeline, name, phase, checksums[phase], rollout],
    );
    if (rowCount === 1) await note(run, name, phase, 'begun');
  });
}

export async function finishPhase(run: Run, name: string, phase: Phase): Promise<void> {
  const { session: { client }, step: { pipeline } } = run;
  await shortly(run, `the end of ${name}`, async () => {
    await client.query("update meridian.migrations set state = 'done', finished = now() where pipeline = $1 and name = $2 and phase = $3", [pipeline, name, phase]);
    await note(run, name, phase, 'done');
  });
}

/** The way back is counted from its own first statement. Does nothing where it has begun before. */
export async function turnBack(run: Run, name: string, phase: Phase): Promise<void> {
  const { session: { client }, step: { pipeline } } = run;
  await shortly(run, `the way back of ${name}`, async () => {
    const { rowCount } = await client.query(
      `update meridian.migrations set state = 'undoing', statements = 0, begun = 0, finished = null
       where pipeline = $1 and name = $2 and phase = $3 and state <> 'undoing'`,
      [pipeline, name, phase],
    );
    if (rowCount === 1) await note(run, name, phase, 'undo begun');
  });
}

/** Taken back whole: it may be applied anew one day. The log keeps that it was here. */
export async function forgetPhase(run: Run, name: string, phase: Phase): Promise<void> {
  const { session: { client }, step: { pipeline } } = run;
  await shortly(run, `the end of the way back of ${name}`, async () => {
    const { rowCount } = await client.query('delete from meridian.migrations where pipeline = $1 and name = $2 and phase = $3', [pipeline, name, phase]);
    if (rowCount === 1) await note(run, name, phase, 'undone');
  });
}
