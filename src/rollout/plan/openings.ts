/** When something may start (ms), and what it has waited for until then. */
export interface Opening {
  atMs: number;
  waits?: string;
}

/** What keeps something from starting: until when (ms; null when nobody knows), and what, in words. */
export interface Hold {
  untilMs: number | null;
  what: string;
}

/** Says what holds at a moment (ms); undefined when nothing does. */
export type Holding = (atMs: number) => Hold | undefined;

/** Windows that never meet would be tried for ever. They repeat every week, and two of them have fewer edges in it. */
const mostHolds = 50;

/** The first moment from `fromMs` on at which nothing holds. What has no known end is not waited for, only named. */
export function openingOf(holdings: Holding[], fromMs: number): Opening {
  const waits: string[] = [];
  let atMs = fromMs;
  for (let count = 0; count < mostHolds; count++) {
    const hold = firstHold(holdings, atMs);
    if (hold === undefined) return opening(atMs, waits);
    waits.push(hold.what);
    if (hold.untilMs === null) return opening(atMs, waits);
    atMs = hold.untilMs;
  }
  return { atMs: fromMs, waits: `${[...new Set(waits)].join(' and ')}: never open together in the coming weeks` };
}

function firstHold(holdings: Holding[], atMs: number): Hold | undefined {
  for (const holding of holdings) {
    const hold = holding(atMs);
    if (hold !== undefined) return hold;
  }
  return undefined;
}

const opening = (atMs: number, waits: string[]): Opening => ({ atMs, ...(waits.length > 0 && { waits: [...new Set(waits)].join(', then ') }) });
