import type pg from 'pg';

const fixed = 'Nothing of this statement took place, and those before it stand. Undo takes them back; ship the corrected migration under a new name.';
const again = 'Make room; it is tried again, and goes on where it was.';

const byCode: Record<string, string> = {
  '42701': `The column is there already, made by somebody else than this migration. ${fixed}`,
  '42P07': `It is there already, made by somebody else than this migration. ${fixed}`,
  '42710': `It is there already, made by somebody else than this migration. ${fixed}`,
  '42P01': `What it names is not there: perhaps a migration before it is missing, or it is in a schema that is not on the role's search_path. ${fixed}`,
  '42703': `What it names is not there: perhaps a migration before it is missing. ${fixed}`,
  '2BP01': `Something else needs what it takes away: take that away first, in a statement before it. ${fixed}`,
  '23505': `Two rows hold the same: make them differ, then resume. ${fixed}`,
  '53100': `The disk is full. ${again}`,
  '53200': `The memory is spent. ${again}`,
  '25P04': 'It ran longer than the server lets a transaction run: lift transaction_timeout for the role of the URL, or split the statement.',
};

/** What to do about an error of a statement, and whether another attempt may do better without anybody's help but that of room on a disk. */
export function adviceFor({ code = '', message }: pg.DatabaseError): { advice: string; retryable: boolean } {
  if (code === '57014') return { advice: whyCancelled(message), retryable: false };
  const ofData = code.startsWith('23') ? `Rows are there that break it: correct them, or let the backfill do so. ${fixed}` : fixed;
  return { advice: byCode[code] ?? ofData, retryable: code.startsWith('53') || code === '58030' };
}

const whyCancelled = (message: string): string =>
  (message.includes('user request')
    ? `Somebody has cancelled it by hand. ${fixed}`
    : `It took longer than statementTimeout (timeout for what builds an index, validates a constraint or writes rows). Raise that, or write it so that it is short: a backfill in batches, `
      + `NOT VALID and then VALIDATE, CONCURRENTLY. ${fixed}`);
