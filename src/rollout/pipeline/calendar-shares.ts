import { canonical } from '../canonical.js';
import { mayConcern } from '../control/freezes.js';
import type { Block } from '../schema/block.js';
import type { Freeze } from '../schema/freeze.js';

/** Every freeze and every block. */
interface Calendar {
  freezes: Freeze[];
  blocks: Block[];
}

/** What of the calendar may concern this pipeline, now or later. */
export const shareOf = ({ freezes, blocks }: Calendar, pipeline: string): Calendar => ({
  freezes: freezes.filter((freeze) => mayConcern(freeze, pipeline)),
  blocks: blocks.filter(({ pipelines }) => pipelines?.includes(pipeline) ?? true),
});

/** True when a change of the calendar is news to this pipeline. */
export const isNews = (before: Calendar, after: Calendar, pipeline: string): boolean =>
  canonical(shareOf(before, pipeline)) !== canonical(shareOf(after, pipeline));

/** When the next hold on a freeze is over (ms); null when none has an end. */
export function nextEndMs({ freezes }: Calendar): number | null {
  const ends = freezes.flatMap(({ holds }) => holds.flatMap(({ to }) => (to === null ? [] : [Date.parse(to)])));
  return ends.length === 0 ? null : Math.min(...ends);
}
