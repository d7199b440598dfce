import type { Colours } from './context.js';

/** What a table for a person is drawn with. */
export interface TableOptions {
  /** Columns of the terminal. */
  width: number;
  colours: Colours;
  /** Where the reader is: times are shown by the clock there. An IANA name. */
  timezone: string;
  /** How the command is called here: `meridian`, or `npx meridian`. */
  program?: string;
}

/** Where and when a picture of a rollout or a board is drawn. */
export interface RenderOptions extends TableOptions {
  /** Milliseconds since the epoch. */
  now: number;
}
