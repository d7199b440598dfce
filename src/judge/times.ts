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

/** `step` is the time between two looks (s). */
export function timesOf(step: number): JudgeTimes {
  const minute = 2 * Math.min(step, 30);
  return {
    step,
    grace: 3 * minute,
    confirmation: 2 * minute,
    onsetEvery: 5 * minute,
    relaxation: 30 * minute,
    block: 5 * minute,
    silence: 3 * minute,
    incident: 10 * minute,
    enoughPast: 240 * minute,
  };
}
