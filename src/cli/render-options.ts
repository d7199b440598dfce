import type { Colours } from './context.js';

/** Where and when a picture of a rollout is drawn. */
export interface RenderOptions {
  /** Columns of the terminal. */
  width: number;
  colours: Colours;
  /** Milliseconds since the epoch. */
  now: number;
  /** How the command is called here: `meridian`, or `npx meridian`. */
  program?: string;
}
