import type { Verdict } from '../rollout/schema/rollout.js';
import type { RegionStatus, RolloutStatus } from '../rollout/states/statuses.js';
import type { Colours } from './context.js';

/** How a status looks. Colour only repeats what the symbol says. */
export interface Mark {
  symbol: string;
  colour: 'green' | 'red' | 'yellow' | 'cyan' | 'dim';
}

const good: Mark = { symbol: '✓', colour: 'green' };
const bad: Mark = { symbol: '✗', colour: 'red' };
const busy: Mark = { symbol: '●', colour: 'cyan' };
const idle: Mark = { symbol: '○', colour: 'dim' };
const asks: Mark = { symbol: '?', colour: 'yellow' };
const alarm: Mark = { symbol: '!', colour: 'red' };
const undo: Mark = { symbol: '↩', colour: 'yellow' };
const pause: Mark = { symbol: '‖', colour: 'yellow' };
const left: Mark = { symbol: '–', colour: 'dim' };

export const rolloutMarks: Record<RolloutStatus, Mark> = {
  scheduled: idle,
  queued: idle,
  running: busy,
  waiting: asks,
  paused: pause,
  held: alarm,
  'rolling-back': undo,
  stuck: alarm,
  succeeded: good,
  'rolled-back': undo,
  aborted: bad,
  failed: bad,
  superseded: left,
};

export const regionMarks: Record<RegionStatus, Mark> = {
  pending: idle,
  gated: asks,
  expanding: busy,
  draining: busy,
  deploying: busy,
  verifying: busy,
  shifting: busy,
  soaking: busy,
  live: good,
  contracting: busy,
  held: alarm,
  'rolling-back': undo,
  'rolled-back': undo,
  failed: bad,
  stuck: alarm,
  skipped: left,
  superseded: left,
};

export const verdictMarks: Record<Verdict, Mark> = { pass: good, fail: bad, 'no-data': asks, error: alarm, inconclusive: busy };

/** Text in the colour of a mark. */
export const paint = (colours: Colours, mark: Mark, text: string): string => colours[mark.colour](text);
