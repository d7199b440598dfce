/** The times of the judge in seconds. All scale with the interval, up to that of thirty seconds: a soak of 15 s sampled every second runs the same engine. */
export interface JudgeTimes {
  step: number;
  /** A regression that warm-up could explain does not fail a soak before this. */
  grace: number;
  /** Evidence that fails a soak must have stood for this long. */
  confirmation: number;
  /** Time between two moments from which a regression may date. */
  onsetEvery: number;
  /** Time in which half of what drift has moved is forgotten, about. */
  relaxation: number;
  /** Length of a block of the past from which noise is learned. */
  block: number;
  /** Samples are missed over this time. */
  silence: number;
  /** Controls that got worse within this time are an incident. */
  incident: number;
  /** A past shorter than this teaches too little. */
  enoughPast: number;
}

/** Warm-up is no shorter for being looked at more often: it takes this long, where a soak is long enough for it. */
const warmUp = { most: 180, share: 0.1 } as const;

/** `step` is the time between two looks, `soakMin` that which must be credited (s). Where looks are far apart each time holds at least some of them. */
export function timesOf(step: number, soakMin = 0): JudgeTimes {
  const minute = 2 * Math.min(step, 30);
  return {
    step,
    grace: Math.max(3 * minute, step, Math.min(warmUp.most, warmUp.share * soakMin)),
    confirmation: Math.max(2 * minute, step),
    onsetEvery: Math.max(5 * minute, 2 * step),
    relaxation: Math.max(30 * minute, 6 * step),
    block: Math.max(5 * minute, 3 * step),
    silence: Math.max(3 * minute, 3 * step),
    incident: Math.max(10 * minute, 4 * step),
    enoughPast: 240 * minute,
  };
}
