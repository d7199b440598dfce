/** Bounds of one pipeline. Temporal's own limits stand behind each: payloads of 2 MB, 2,000 pending children. */
export const limits = {
  regions: 200,
  waves: 50,
  documentBytes: 256 * 1024,
  releasesKept: 100,
  timelineEntries: 1_000,
  /** Thirty days: the longest gate, soak or step. Far longer ones are no time that a timer could end at. */
  durationMs: 30 * 86_400_000,
} as const;
