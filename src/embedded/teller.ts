/** How the stack tells the person at the terminal what it does. */
export interface Teller {
  /** A line that stays: a step and how long it may take, or how it ended. */
  say(text: string): void;
  /** How the present step goes. Replaces itself on a terminal; elsewhere it is thinned out. */
  progress(text: string): void;
}

/** For tests and scripts that want to hear nothing. */
export const silentTeller: Teller = { say: () => {}, progress: () => {} };
