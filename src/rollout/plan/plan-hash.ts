import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from '../canonical.js';
import type { Plan, PlannedGate, PlannedPhase } from '../schema/plan.js';
import type { Release } from '../schema/release.js';

/** What a plan does, without the words about it. */
type Deeds = Pick<Plan, 'pipeline' | 'revision' | 'release' | 'bundle' | 'lane' | 'phases' | 'work' | 'migrations'>;

/**
 * SHA-256 of what a rollout will do, in hexadecimal digits: two plans with the same hash do the same. Texts for people (`why`, `needs`),
 * warnings, and what is only expected (times, controls) are not in it. Written in JavaScript: a workflow has no `node:crypto`.
 */
export const planHash = ({ pipeline, revision, release, bundle, lane, phases, work, migrations }: Deeds): string =>
  hashOf({
    pipeline, revision, release, bundle, lane, phases: phases.map(withoutTexts),
    ...(migrations.length > 0 && { work, migrations: migrations.map(({ effects: _effects, ...migration }) => migration) }),
  });

/** What is shipped, apart from its name: two bundles with the same hash are the same. Null where there is nothing but a version. */
export const bundleHash = ({ artifact, config, migrations, freeOf }: Pick<Release, 'artifact' | 'config' | 'migrations' | 'freeOf'> = {}): string | null =>
  (artifact === undefined && config === undefined && migrations === undefined && freeOf === undefined
    ? null
    : hashOf({ artifact: artifact ?? null, config: config ?? null, ...(migrations && { migrations }), ...(freeOf && { freeOf }) }));

const hashOf = (value: unknown): string => bytesToHex(sha256(utf8ToBytes(canonical(value))));

const withoutTexts = (phase: PlannedPhase) => ({
  ...phase,
  gates: phase.gates.map(withoutNeeds),
  waveGates: phase.waveGates.map(withoutNeeds),
  regionGates: phase.regionGates.map(withoutNeeds),
  waves: phase.waves.map((wave) => ({ ...wave, regions: wave.regions.map(({ why: _why, comparedWith: _comparedWith, ...place }) => place) })),
});

const withoutNeeds = ({ needs: _needs, ...gate }: PlannedGate) => gate;
