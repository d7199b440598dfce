import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from '../canonical.js';
import type { KnownMigration, Migration } from '../schema/migration.js';

/** There is a contract, and no way back from it. */
export const isOneWay = ({ contract }: Pick<Migration, 'contract'>): boolean => contract !== undefined && contract.down === undefined;

/** A plan, or a person, knows a migration by these alone. */
export const namesOf = (migrations: { name: string }[]): string[] => migrations.map(({ name }) => name);

/**
 * SHA-256 of each phase, in hexadecimal digits: of expand, backfill and sync together, and of the contract where there is one. White space at
 * the ends of lines, and how lines end, do not count: an editor or a checkout may have changed them, and the SQL is the same.
 */
export function checksumsOf({ expand, backfill, sync, contract }: Omit<Migration, 'name'>): KnownMigration['checksums'] {
  const expansion = {
    expand: tidied(expand),
    backfill: backfill && { ...backfill, sql: tidy(backfill.sql) },
    sync: sync?.map((each) => ({ ...each, using: tidied(each.using) })),
  };
  return { expand: digest(expansion), ...(contract !== undefined && { contract: digest(tidied(contract)) }) };
}

const digest = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonical(value))));

const tidy = (sql: string): string => sql.split(/\r\n|\r|\n/).map((line) => line.trimEnd()).join('\n').trimEnd();

const tidied = (texts: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).flatMap(([key, sql]) => (sql === undefined ? [] : [[key, tidy(sql)]])));
