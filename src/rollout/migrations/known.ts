import type { KnownMigration, Migration } from '../schema/migration.js';

/** There is a contract, and no way back from it. */
export const isOneWay = ({ contract }: Pick<Migration, 'contract'>): boolean => contract !== undefined && contract.down === undefined;

/** A plan, or a person, knows a migration by these alone. */
export const namesOf = (migrations: Pick<KnownMigration, 'name'>[]): string[] => migrations.map(({ name }) => name);
