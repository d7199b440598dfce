import { MeridianFailure } from '../failure.js';
import { didYouMean } from '../nearest-name.js';
import { isDoneAt, isVerifiedAt, placesOfWalk, type PreparedQuestion } from './plan-question.js';
import type { Phase } from '../schema/pipeline.js';
import type { LeftOut } from '../schema/plan.js';
import type { ShipOptions } from '../schema/ship.js';

/** Which phases a rollout goes through. */
export interface Walk {
  phases: Phase[];
  /** Phases before the walk in which the release is verified everywhere. */
  alreadyVerified: string[];
  /** Phases that were passed over, and optional ones that nobody asked for. */
  leftOut: LeftOut[];
  /** Where the lifecycle goes on after the walk; null at its end. */
  next: string | null;
}

/**
 * Strict phases: the walk begins at the first phase where the release is not yet verified in every place. One that is verified in
 * each, and was replaced since, walks again from the first phase where something else runs: an older release can be shipped again.
 * It ends with `to`, or before the first phase that waits for a promotion. Throws `InvalidRequest` for environments that make no sense.
 */
export function walkOf(question: PreparedQuestion): Walk {
  const { document: { lifecycle }, options } = question;
  const inReach = upTo(lifecycle, options);
  const asked = inReach.filter((phase) => !phase.optional || isNamed(options, phase));
  const [start, end] = boundsOf(question, asked);
  const covered = asked.slice(0, end);
  refuseUnreached(options, covered);
  const stop = asked[end];
  const isInReach = (phase: Phase): boolean => stop === undefined || inReach.indexOf(phase) < inReach.indexOf(stop);
  const after = lifecycle.slice(lifecycle.findLastIndex((phase) => covered.includes(phase)) + 1);
  return {
    phases: covered.slice(start),
    alreadyVerified: namesOf(covered.slice(0, start).filter((phase) => isVerifiedIn(question, phase))),
    leftOut: [...passedOver(question, covered.slice(0, start)), ...unasked(question, inReach.filter(isInReach))],
    next: after.find((phase) => !phase.optional && !isDone(question, phase))?.environment ?? null,
  };
}

/** The lifecycle as far as `to`. */
function upTo(lifecycle: Phase[], options: ShipOptions): Phase[] {
  const known = namesOf(lifecycle);
  for (const name of namedIn(options)) {
    if (known.includes(name)) continue;
    throw new MeridianFailure('InvalidRequest', `The lifecycle has no environment ${name}. It has: ${known.join(', ')}.${didYouMean(name, known)}`);
  }
  return options.to === undefined ? lifecycle : lifecycle.slice(0, known.indexOf(options.to) + 1);
}

const namedIn = ({ to, include = [], override }: ShipOptions): string[] => [to, ...include, override?.from].filter((name) => name !== undefined);

const isNamed = (options: ShipOptions, { environment }: Phase): boolean => namedIn(options).includes(environment);

/** Where the walk begins, and the first phase that it does not reach any more: places in `asked`. */
function boundsOf(question: PreparedQuestion, asked: Phase[]): [start: number, end: number] {
  const { options } = question;
  const waits = (phase: Phase): boolean => options.to === undefined && phase.promotion === 'manual' && !isNamed(options, phase);
  const start = options.override === undefined ? startOf(question, asked, waits) : namesOf(asked).indexOf(options.override.from);
  const end = asked.findIndex((phase, index) => index >= start && waits(phase));
  return [start, end < 0 ? asked.length : end];
}

/** A phase that waits for a promotion is in the way only while there is something to do in it. */
function startOf(question: PreparedQuestion, asked: Phase[], waits: (phase: Phase) => boolean): number {
  const barrier = asked.findIndex((phase) => waits(phase) && !isDone(question, phase));
  const reach = barrier < 0 ? asked : asked.slice(0, barrier);
  const starts = [reach.findIndex((phase) => !isVerifiedIn(question, phase)), reach.findIndex((phase) => !isDone(question, phase))];
  return starts.find((index) => index >= 0) ?? reach.length;
}

const isVerifiedIn = (question: PreparedQuestion, phase: Phase): boolean =>
  placesOfWalk(question.document, phase).every((place) => isVerifiedAt(question, place));

const isDone = (question: PreparedQuestion, phase: Phase): boolean => placesOfWalk(question.document, phase).every((place) => isDoneAt(question, place));

/** What is asked for by name and would not be shipped is a mistake, and none to be silent about. */
function refuseUnreached(options: ShipOptions, covered: Phase[]): void {
  const unreached = namedIn(options).find((name) => !namesOf(covered).includes(name));
  if (unreached === undefined) return;
  const last = covered.at(-1)?.environment;
  throw new MeridianFailure('InvalidRequest',
    `The walk ends ${last === undefined ? 'before it begins' : `with ${last}`} and does not reach ${unreached}. Ship with to: ${unreached}.`);
}

/** What an override passes over. */
const passedOver = (question: PreparedQuestion, before: Phase[]): LeftOut[] =>
  before.filter((phase) => !isVerifiedIn(question, phase)).map(({ environment }) => ({
    environment, why: `passed over by override: ${question.options.override?.reason}`,
  }));

const unasked = (question: PreparedQuestion, phases: Phase[]): LeftOut[] =>
  phases
    .filter((phase) => phase.optional && !isNamed(question.options, phase) && !isVerifiedIn(question, phase))
    .map(({ environment }) => ({ environment, why: 'optional: shipped only when it is asked for' }));

const namesOf = (phases: Phase[]): string[] => phases.map(({ environment }) => environment);
