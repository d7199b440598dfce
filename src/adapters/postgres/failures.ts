import pg from 'pg';
import { MeridianFailure } from '../../rollout/failure.js';
import { excerpt } from '../excerpt.js';
import { adviceFor } from './advice.js';
import { refusalFor, unreachableFor } from './refusals.js';
import type { Scrub } from './scrub.js';

/** The statement that was at work, as a person finds it again: which migration, which of its texts, and where in it. */
export interface StatementAt {
  /** `0042-split-name, expand.up`. */
  text: string;
  number: number;
  of: number;
  sql: string;
  /** In the text, 1-based. */
  line: number;
}

const beginning = 80;

/** The first words of a statement or of a query, on one line. */
export const beginningOf = (sql: string, scrub: Scrub): string => excerpt(scrub.foreign(sql), { variables: {}, secretNames: [] }, beginning);

/**
 * What went wrong in a database, as a failure that says what PostgreSQL said, where and what to do, without any part of the URL. Every error
 * of this folder passes through here. `at` is the statement, or the work in words. What is no error of a database or of the way to it is a bug of ours, and stays what it is.
 */
export function failureOf(error: unknown, scrub: Scrub, at?: StatementAt | string): unknown {
  if (error instanceof MeridianFailure) return new MeridianFailure(error.code, scrub.own(error.message), { retryable: error.retryable });
  if (!(error instanceof pg.DatabaseError)) return wayFailure(error, scrub);
  const where = at === undefined ? '' : `${typeof at === 'string' ? at : placeOf(error, at, scrub)}: `;
  const said = saidBy(error, scrub);
  const unreachable = unreachableFor(error.code);
  if (unreachable !== undefined) return new MeridianFailure('DatabaseUnreachable', `${where}${said}. ${unreachable}`);
  const refusal = refusalFor(error.code);
  if (refusal !== undefined) return new MeridianFailure('DatabaseRefused', `${where}${said}. ${refusal}`);
  const { advice, retryable } = adviceFor(error);
  return new MeridianFailure('MigrationFailed', `${where}${said}. ${advice}`, { retryable });
}

/** `0042-split-name, expand.up, statement 2 of 3, line 4 ("alter table …")`. */
function placeOf({ position }: pg.DatabaseError, at: StatementAt, scrub: Scrub): string {
  const inside = position === undefined ? 0 : at.sql.slice(0, Number(position) - 1).split('\n').length - 1;
  return `${at.text}, statement ${at.number} of ${at.of}, line ${at.line + inside} ("${beginningOf(at.sql, scrub)}")`;
}

function saidBy({ message, detail, hint, code }: pg.DatabaseError, scrub: Scrub): string {
  const parts = [message, detail, hint].filter((part) => part !== undefined && part !== '').map((part) => part!.replace(/\.$/, ''));
  return `PostgreSQL said: ${excerpt(scrub.foreign(parts.join('. ')), { variables: {}, secretNames: [] })} (${code})`;
}

/** What the socket, TLS or `pg` itself says; those texts hold the host. */
function wayFailure(error: unknown, scrub: Scrub): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : innerCode(error);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    return new MeridianFailure('DatabaseUnreachable', `The database does not answer (${code}). Start it, or correct host and port of the URL; it is tried again.`);
  }
  const message = excerpt(scrub.foreign(error.message), { variables: {}, secretNames: [] }, 200);
  if (/CERT|TLS|SSL|UNABLE_TO_VERIFY/.test(code ?? '') || /\bSSL\b|SASL|SCRAM|password/.test(error.message)) {
    return new MeridianFailure('DatabaseRefused', `The database cannot be logged in to: ${message}. Correct the password and the sslmode of the URL.`);
  }
  if (/^(Connection terminated|timeout expired|Client (has encountered|was closed|is closed))/.test(error.message)) {
    return new MeridianFailure('DatabaseUnreachable', `The connection to the database was lost: ${message}. It is tried again, and goes on where it was.`);
  }
  return error;
}

/** `localhost` is tried with several addresses: what went wrong with the first one. */
const innerCode = (error: Error): string | undefined =>
  error instanceof AggregateError ? (error.errors[0] as { code?: string } | undefined)?.code : undefined;
