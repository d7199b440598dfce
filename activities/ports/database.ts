import type { Database } from '../../src/rollout/schema/database.js';
import type { KnownMigration, PlaceSchema } from '../../src/rollout/schema/migration.js';

/** Whose migrations these are, and where: what the ledger in the database is kept by. */
export interface SchemaPlace {
  pipeline: string;
  /** `<environment>/<region>[/<tenant>]`: the place that claims what it needs. */
  place: string;
}

/** One phase of some migrations in one place. Two calls with the same content are one: the second finds it done, or goes on with it. */
export interface SchemaStep extends SchemaPlace {
  rollout: string;
  /** In the order in which they are applied. Taking back goes in the reverse order. */
  migrations: KnownMigration[];
}

/** What a long phase says while it works, and asks before each batch. */
export interface SchemaProgress {
  /** One line for people: `0042-split-name: 12,000 of about 50,000 rows`. Told often: whoever listens chooses what to pass on. */
  say(text: string): void;
  /** Undefined when it may go on; otherwise why it must wait now (`the replica is 34 s behind, at most 10`). */
  mayGoOn(signal: AbortSignal): Promise<string | undefined>;
}

/** What taking an expand back has left, because another place still needs it. */
export interface KeptMigration {
  migration: string;
  /** `<environment>/<region>[/<tenant>]` of the places that claim it. */
  claimedBy: string[];
}

/**
 * The database of one region, and the ledger of migrations in it. Throws `MeridianFailure`: `DatabaseUnreachable` and `MigrationBlocked` are
 * tried again; `DatabaseRefused` (log-in, rights), `MigrationChanged` (another checksum than the ledger's), `MigrationFailed` (the
 * statement, what PostgreSQL said, what to do) and `ContractTooEarly` are final for the attempt. No message holds the URL or a part of it.
 */
export interface RegionDatabase {
  /** What the ledger says of every migration of the pipeline. Changes nothing; a database without a ledger is empty. */
  schema(at: SchemaPlace, signal: AbortSignal): Promise<PlaceSchema>;
  /** Before anything is touched: it answers, the rights are there, no checksum has changed. Changes nothing. */
  check(step: SchemaStep, signal: AbortSignal): Promise<void>;
  /** Claims the migrations for the place, then expands, puts the triggers in place and fills back what is not done yet. */
  expand(step: SchemaStep, progress: SchemaProgress, signal: AbortSignal): Promise<PlaceSchema>;
  /**
   * Gives up the claims that this rollout has made for the place, and takes back, with triggers, each expand that nobody claims any more; also
   * one that has stopped half-way. What other rollouts have claimed stays.
   */
  undoExpand(step: SchemaStep, signal: AbortSignal): Promise<{ schema: PlaceSchema; kept: KeptMigration[] }>;
  /** Removes the triggers and runs the contract. `ContractTooEarly` where the expand has never been finished. */
  contract(step: SchemaStep, progress: SchemaProgress, signal: AbortSignal): Promise<PlaceSchema>;
  /** Runs `contract.down`, puts the triggers back, and every row in step by their expressions. Only for contracts that have one. */
  undoContract(step: SchemaStep, signal: AbortSignal): Promise<PlaceSchema>;
  /** The number of `lag.query`, or seconds behind of the slowest replica. */
  lag(signal: AbortSignal): Promise<number>;
}

/** Connects at the first question; `close` ends every connection. Settings with templates filled in. */
export type ConnectDatabase = (settings: Database) => RegionDatabase & { close(): Promise<void> };
