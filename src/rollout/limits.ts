/** Bounds of one pipeline. Temporal's own limits stand behind each: payloads of 2 MB, 2,000 pending children. */
export const limits = {
  regions: 200,
  waves: 50,
  tenants: 200,
  /** Regions × tenants of one phase: each is a workflow of its own. */
  placesInPhase: 500,
  freezes: 200,
  blocks: 500,
  documentBytes: 256 * 1024,
  releasesKept: 100,
  /** Places where releases are verified, of all releases that are kept: the oldest ones make room. */
  verifiedKept: 10_000,
  timelineEntries: 1_000,
  /** Thirty days: the longest gate, soak or step. Far longer ones are no time that a timer could end at. */
  durationMs: 30 * 86_400_000,
} as const;
