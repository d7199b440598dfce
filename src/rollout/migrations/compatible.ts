import type { PlaceSchema, SchemaPhase } from '../schema/migration.js';
import type { Release } from '../schema/release.js';

type Code = Pick<Release, 'version' | 'migrations' | 'freeOf'>;

/**
 * Why a release cannot run with a schema; null when it can. A release needs the new shape of each migration that it names, and the old shape
 * of every migration that it does not say it is free of, whether it knows it or not: code of before knows nothing of what came after.
 *
 *     absent       runs unless it names the migration
 *     expanding    the same: the new shape is not whole yet
 *     expanded     runs: both shapes are there
 *     contracting  runs when it is free of the old shape
 *     contracted   the same
 */
export function schemaRefusal({ version, migrations = [], freeOf = [] }: Code, schema: PlaceSchema): string | null {
  const lacking = migrations.filter((name) => isLacking(phaseAt(schema, name)));
  if (lacking.length > 0) return `${version} needs the new shape of ${lacking.join(' and ')}, which is not there`;
  const gone = Object.keys(schema).filter((name) => !freeOf.includes(name) && (schema[name] === 'contracting' || schema[name] === 'contracted'));
  if (gone.length > 0) return `${version} may need the old shape of ${gone.join(' and ')}, which is gone: it does not say freeOf`;
  return null;
}

/** What is to be expanded before a release can run with a schema, in the order of the release. */
export const toExpand = ({ migrations = [] }: Pick<Release, 'migrations'>, schema: PlaceSchema): string[] =>
  migrations.filter((name) => isLacking(phaseAt(schema, name)));

/** Own properties only: `constructor` is a fine name for a migration. */
export const phaseAt = (schema: PlaceSchema, name: string): SchemaPhase | undefined => (Object.hasOwn(schema, name) ? schema[name] : undefined);

const isLacking = (phase: SchemaPhase | undefined): boolean => phase === undefined || phase === 'expanding';
