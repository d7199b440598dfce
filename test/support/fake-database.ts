import type { ConnectDatabase, SchemaStep } from '../../activities/ports/database.js';
import type { PlaceSchema } from '../../src/rollout/schema/migration.js';
import type { Deed } from './fake-world.js';

export type SchemaVerb = 'expand' | 'undo-expand' | 'contract' | 'undo-contract';

/** A database that keeps nothing but its ledger: phases, and who claims what for which rollout. */
export interface FakeDatabase extends ReturnType<ConnectDatabase> {
  phases: PlaceSchema;
  /** Migration → place → the rollout that claimed it. */
  claims: Record<string, Record<string, string>>;
  /** Asked before an effect takes place: it may throw, or wait. */
  trouble?: (verb: SchemaVerb, place: string) => void | Promise<void>;
  /** What `lag` answers. */
  behind: number;
}

export function fakeDatabase(deeds: Deed[]): FakeDatabase {
  const begin = async (verb: SchemaVerb, { place, rollout, migrations }: SchemaStep): Promise<void> => {
    await database.trouble?.(verb, place);
    for (const { name } of migrations) deeds.push({ verb, place, key: rollout, version: name });
  };
  const database: FakeDatabase = {
    phases: {},
    claims: {},
    behind: 0,
    schema: async () => ({ ...database.phases }),
    check: async () => undefined,
    async expand(step) {
      await begin('expand', step);
      for (const { name } of step.migrations) {
        (database.claims[name] ??= {})[step.place] ??= step.rollout;
        database.phases[name] ??= 'expanded';
      }
      return { ...database.phases };
    },
    async undoExpand(step) {
      await begin('undo-expand', step);
      const kept = [];
      for (const { name } of step.migrations.toReversed()) {
        if (database.claims[name]?.[step.place] === step.rollout) delete database.claims[name][step.place];
        const claimedBy = Object.keys(database.claims[name] ?? {});
        if (claimedBy.length > 0) kept.push({ migration: name, claimedBy });
        else delete database.phases[name];
      }
      return { schema: { ...database.phases }, kept };
    },
    async contract(step) {
      await begin('contract', step);
      for (const { name } of step.migrations) database.phases[name] = 'contracted';
      return { ...database.phases };
    },
    async undoContract(step) {
      await begin('undo-contract', step);
      for (const { name } of step.migrations) database.phases[name] = 'expanded';
      return { ...database.phases };
    },
    lag: async () => database.behind,
    close: async () => undefined,
  };
  return database;
}
