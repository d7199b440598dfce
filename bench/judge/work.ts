import { limitOf, graceMinutes } from './limit.js';
import { meridian } from './meridian.js';
import { criticalStrictness, outcomeOf, type Outcome } from './outcome.js';
import type { Peer } from './peer.js';
import { peers } from './peers/index.js';
import { scenarios } from './scenarios.js';
import { simulate } from './simulator/world.js';

export type Half = 'training' | 'test';

/** Some soaks of one scenario, for a core to do: JSON, so that it can be sent to a process. */
export interface Job {
  scenario: string;
  half: Half;
  seed: string;
  /** Indices, the last one excluded. */
  from: number;
  to: number;
  /** Who judges: a name and how strict. */
  judges: Entrant[];
  /** Peers whose critical strictness is looked for. */
  tune: string[];
}

/** A judge in the run. `label` is what it is called in the results. */
export interface Entrant {
  peer: string;
  label: string;
  strictness: number;
}

/** One soak. */
export interface Row {
  scenario: string;
  index: number;
  outcomes: Record<string, Outcome>;
  critical: Record<string, number>;
}

export const limitName = 'LIMIT';
/** LIMIT, counting from the end of the grace. */
export const limitAfterGraceName = 'LIMIT after the grace';

const allPeers: readonly Peer[] = [meridian, ...peers];

/** The same rows whoever does it, and in whichever order. */
export function work({ scenario: name, half, seed, from, to, judges, tune }: Job): Row[] {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new RangeError(`there is no scenario ${name}`);
  return Array.from({ length: to - from }, (_, offset) => {
    const index = from + offset;
    const simulated = simulate(scenario, `${seed}/${half}/${index}`);
    const outcomes = Object.fromEntries(judges.map(({ peer, label, strictness }) => [label, outcomeOf(peerOf(peer), simulated, strictness)]));
    if (scenario.truth === 'bad') {
      outcomes[limitName] = limitOf(simulated, 0);
      outcomes[limitAfterGraceName] = limitOf(simulated, graceMinutes);
    }
    return { scenario: name, index, outcomes, critical: Object.fromEntries(tune.map((peer) => [peer, criticalStrictness(peerOf(peer), simulated)])) };
  });
}

function peerOf(name: string): Peer {
  const peer = allPeers.find((one) => one.name === name);
  if (peer === undefined) throw new RangeError(`there is no peer ${name}`);
  return peer;
}
