import { normalFrom, randomFrom } from './random.js';

// What customers do to a shop that no release of it is to blame for: broken carts and slow lines, more of them at some times than at others,
// and orders that come in bursts. A judge of releases must live with all of it.

/** The level of a wave, second by second: `keep` of the last one and a jump. The logarithm of a share. */
const waves = { common: { keep: 0.9, jump: 0.3 }, own: { keep: 0.9, jump: 0.07 } };
const burst = { chance: 0.05, times: 3 };

/** Customers without noise: every order is a plain one, at an even pace. */
export const calm = { pace: 1, advance() {}, next: () => 'plain' };

/**
 * The noise of one region. `share` of its orders are broken, and as many come over a slow line, on average: it rises and falls in a wave that
 * all regions of a seed have in common (a bad version of somebody's app, a network in trouble), and a little on its own.
 */
export class Noise {
  #share;
  #random;
  #waves;
  #seconds = 0;
  #level = 0;

  /** Times as many orders as usual. */
  pace = 1;

  constructor(share, region, seed) {
    this.#share = share;
    this.#random = randomFrom(`${seed}/${region}/noise`);
    this.#waves = [new Wave(waves.common, randomFrom(`${seed}/noise`)), new Wave(waves.own, randomFrom(`${seed}/${region}/wave`))];
    this.#turn();
  }

  advance(seconds) {
    this.#seconds += seconds;
    for (; this.#seconds >= 1; this.#seconds -= 1) this.#turn();
  }

  /** What the next order is like: 'plain', 'broken' or 'slow'. */
  next() {
    const drawn = this.#random();
    if (drawn < this.#level) return 'broken';
    return drawn < 2 * this.#level ? 'slow' : 'plain';
  }

  /** A new second. */
  #turn() {
    this.#level = this.#waves.reduce((level, wave) => level * wave.next(), this.#share);
    this.pace = this.#random() < burst.chance ? burst.times : 1;
  }
}

/** A factor that wanders and comes back, 1 on average: the exponential of an autoregressive process. */
class Wave {
  #keep;
  #jump;
  #random;
  #mean;
  #log = 0;

  constructor({ keep, jump }, random) {
    this.#keep = keep;
    this.#jump = jump;
    this.#random = random;
    this.#mean = Math.exp(jump ** 2 / (1 - keep ** 2) / 2); // of a log-normal variable
  }

  next() {
    this.#log = this.#keep * this.#log + this.#jump * normalFrom(this.#random);
    return Math.exp(this.#log) / this.#mean;
  }
}
