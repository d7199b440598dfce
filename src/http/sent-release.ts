import { jsonBytes } from '../rollout/json-bytes.js';
import { limits } from '../rollout/limits.js';
import { checksumsOf } from '../rollout/migrations/known.js';
import type { KnownMigration, Migration } from '../rollout/schema/migration.js';
import type { Release, SentRelease } from '../rollout/schema/release.js';
import { lintMigration, type Finding } from '../sql/lint.js';
import { HttpProblem, invalidRequest, type RequestError } from './problems.js';

/** A release as the pipeline keeps it, and what came with it. */
export interface ReadRelease {
  /** Its migrations by their names. */
  release: Release;
  /** Those that were sent whole, classified. */
  migrations: KnownMigration[];
  /** What the linter would ask a person about, in words. */
  warnings: string[];
}

/**
 * Reads the migrations of a release. Throws `MigrationRefused` with the place of every statement that may not be applied, `InvalidRequest` for
 * a name that stands twice and for more than a region can be handed.
 */
export async function readRelease({ migrations: sent, ...rest }: SentRelease): Promise<ReadRelease> {
  const names = sent?.map((each) => (typeof each === 'string' ? each : each.name));
  const whole = (sent ?? []).flatMap((each, index) => (typeof each === 'string' ? [] : [{ migration: each, pointer: `/release/migrations/${index}` }]));
  refuseTwins(names ?? []);
  refuseTooMuch(whole.map(({ migration }) => migration));
  const read = await Promise.all(whole.map(async ({ migration, pointer }) => ({ migration, pointer, ...(await lintMigration(migration)) })));
  refuseUnsafe(read);
  return {
    release: { ...rest, ...(names !== undefined && { migrations: names }) },
    migrations: read.map(({ migration, effects }) => ({ ...migration, checksums: checksumsOf(migration), effects })),
    warnings: read.flatMap(({ migration, findings }) => findings.map((finding) => `${migration.name}${finding.path}, ${wordsOf(finding)}`)),
  };
}

/** More would help nobody, and the sender decides how many there are. */
const maxErrors = 100;

function refuseTwins(names: string[]): void {
  const twins = names.flatMap((name, index): RequestError[] =>
    (names.indexOf(name) === index ? [] : [{ in: 'body', pointer: `/release/migrations/${index}`, detail: `${name} stands here a second time: name each migration once` }]));
  if (twins.length > 0) throw invalidRequest(twins);
}

function refuseTooMuch(migrations: Migration[]): void {
  const bytes = jsonBytes(migrations);
  if (bytes <= limits.migrationsBytes) return;
  const detail = `${Math.ceil(bytes / 1_024)} KB of migrations, at most ${limits.migrationsBytes / 1_024}: send those that the pipeline knows by their names alone`;
  throw invalidRequest([{ in: 'body', pointer: '/release/migrations', detail }]);
}

function refuseUnsafe(read: { migration: Migration; pointer: string; findings: Finding[] }[]): void {
  const refused = read.map((each) => ({ ...each, errors: each.findings.filter(({ severity }) => severity === 'error') })).filter(({ errors }) => errors.length > 0);
  if (refused.length === 0) return;
  const errors = refused.flatMap(({ pointer, errors: found }) =>
    found.map((finding): RequestError => ({ in: 'body', pointer: `${pointer}${finding.path}`, detail: wordsOf(finding) })));
  const names = refused.map(({ migration }) => migration.name).join(' and ');
  throw new HttpProblem('MigrationRefused', `${names} may not be applied; see errors. \`meridian migrate lint\` says the same of the files.`, { errors: errors.slice(0, maxErrors) });
}

/** `line 3, column 1, alter table …: what it would do. What to write instead.` */
const wordsOf = ({ line, column, sql, problem, remedy }: Finding): string =>
  `line ${line}, column ${column}${sql === '' ? '' : `, ${sql}`}: ${problem}\n${remedy}`;
