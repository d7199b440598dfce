import type { StatementWork } from '../phase-text.js';
import type { Run } from '../run.js';

type Which = Pick<StatementWork, 'name' | 'phase' | 'at'>;

/** The statement is done, and the one before it was: in the statement's own transaction where it has one. */
export async function countStatement({ session: { client }, step: { pipeline } }: Run, { name, phase, at }: Which): Promise<void> {
  const { rowCount } = await client.query(
    'update meridian.migrations set statements = $4::int where pipeline = $1 and name = $2 and phase = $3 and statements = $4::int - 1', [pipeline, name, phase, at.number],
  );
  if (rowCount !== 1) throw new Error(`${at.text}, statement ${at.number}: the ledger has been changed by somebody else meanwhile`);
}

/** A statement outside a transaction is about to run: from now on it may be done without being counted. Answers whether it was so before. */
export async function beginStatement({ session: { client }, step: { pipeline } }: Run, { name, phase, at }: Which): Promise<boolean> {
  const { rowCount } = await client.query(
    'update meridian.migrations set begun = $4 where pipeline = $1 and name = $2 and phase = $3 and begun < $4', [pipeline, name, phase, at.number],
  );
  return rowCount === 0;
}

/** It has certainly done nothing. */
export async function unbeginStatement({ session: { client }, step: { pipeline } }: Run, { name, phase, at }: Which): Promise<void> {
  await client.query('update meridian.migrations set begun = $4::int - 1 where pipeline = $1 and name = $2 and phase = $3 and begun = $4::int', [pipeline, name, phase, at.number]);
}
