/** Bounds of one pipeline. Temporal's own limits stand behind each: payloads of 2 MB, 2,000 pending children. */
export const limits = {
  regions: 200,
  waves: 50,
  tenants: 200,
  /** Regions × tenants of one phase: each is a workflow of its own. */
  placesInPhase: 500,
  /** Holds, of all freezes together. */
  freezes: 200,
  /** Of all freezes together: each region of a rollout is handed all of them when it starts, and again when one changes. */
  freezeBytes: 64 * 1024,
  blocks: 500,
  /** Of all blocks together: the calendar keeps them in its memo. */
  blockBytes: 256 * 1024,
  documentBytes: 256 * 1024,
  /** One text of SQL. */
  migrationBytes: 32 * 1024,
  /** Of all migrations that come with a release: a region is handed those that it lacks. */
  migrationsBytes: 128 * 1024,
  /** Of all that a pipeline knows. */
  migrationsKeptBytes: 512 * 1024,
  /** Places × migrations of a pipeline: it remembers how far each is in each, and hands that over when it begins a new run. */
  schemaEntries: 12_000,
  /** Of the migrations that a rollout hands to its places, all together: they stand in its history. */
  schemaHandedBytes: 16 * 1024 * 1024,
  /** That a release can name, known ones included. */
  migrations: 500,
  releasesKept: 100,
  /** Places where releases are verified, of all releases that are kept: the oldest ones make room. */
  verifiedKept: 10_000,
  timelineEntries: 1_000,
  /** Thirty days: the longest gate, soak or step. Far longer ones are no time that a timer could end at. */
  durationMs: 30 * 86_400_000,
} as const;
