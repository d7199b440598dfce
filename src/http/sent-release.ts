import type { Release, SentRelease } from '../rollout/schema/release.js';

/** A release as the pipeline keeps it: its migrations by their names. */
export const namedRelease = ({ migrations, ...release }: SentRelease): Release => ({
  ...release,
  ...(migrations !== undefined && { migrations: migrations.map((each) => (typeof each === 'string' ? each : each.name)) }),
});
