import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from '../canonical.js';
import type { Plan, PlannedGate, PlannedPhase } from '../schema/plan.js';

/** What a plan does, without the words about it. */
type Deeds = Pick<Plan, 'pipeline' | 'revision' | 'release' | 'lane' | 'phases'>;

/**
 * SHA-256 of what a rollout will do, in hexadecimal digits: two plans with the same hash do the same. Texts for people (`why`, `needs`),
 * warnings and expected times are not in it. Written in JavaScript: a workflow has no `node:crypto`.
 */
export const planHash = ({ pipeline, revision, release, lane, phases }: Deeds): string =>
  bytesToHex(sha256(utf8ToBytes(canonical({ pipeline, revision, release, lane, phases: phases.map(withoutTexts) }))));

const withoutTexts = (phase: PlannedPhase) => ({
  ...phase,
  gates: phase.gates.map(withoutNeeds),
  waveGates: phase.waveGates.map(withoutNeeds),
  regionGates: phase.regionGates.map(withoutNeeds),
  waves: phase.waves.map((wave) => ({ ...wave, regions: wave.regions.map(({ why: _why, ...place }) => place) })),
});

const withoutNeeds = ({ needs: _needs, ...gate }: PlannedGate) => gate;
