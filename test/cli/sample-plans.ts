import type { PlanAnswer, PlannedPhase } from '../../src/rollout/schema/plan.js';

/** Plans as the API answers them, made on Saturday 21 November 2026 at 12:00 UTC. */

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 21, 12, minutes)).toISOString();

const staging: PlannedPhase = {
  environment: 'staging', gates: [], waveGates: [], regionGates: [], tenants: 'sequence', rehearse: false,
  minSamples: 20, soakMs: { min: 10_000, max: 60_000, interval: 1_000 },
  waves: [{ number: 1, concurrency: 1, exposure: 1, regions: [{ region: 'frankfurt', why: 'named by the document', comparedWith: [] }] }],
};

const production: PlannedPhase = {
  environment: 'production', tenants: 'together', rehearse: false,
  gates: [{ name: 'go-no-go', type: 'approval', needs: 'approval by release-manager, not by the person who started the rollout, within 1d' }],
  waveGates: [{ name: 'no-alerts', type: 'alerts', needs: 'no alert fires' }],
  regionGates: [{ name: 'quiet', type: 'window', needs: '01:00 to 05:00 in the time zone of the region' }],
  minSamples: 100, soakMs: { min: 1_800_000, max: 7_200_000, interval: 30_000 },
  waves: [
    {
      number: 1, concurrency: 1, exposure: 0.05,
      regions: [{ region: 'sydney', tenant: 'acme', why: 'smallest: weight 5', comparedWith: ['frankfurt'] }, { region: 'sydney', tenant: 'globex', why: 'lives in sydney', comparedWith: [] }],
    },
    {
      number: 2, concurrency: 1, exposure: 1,
      regions: [
        { region: 'frankfurt', why: 'second: weight 30', comparedWith: ['virginia', 'sydney'] },
        { region: 'virginia', why: 'largest: weight 65, so what goes wrong before it touches the least of all the requests that there are', comparedWith: ['frankfurt', 'sydney'] },
      ],
    },
  ],
};

const expected = { deployMs: 120_000, isGuess: false };

export const plan: PlanAnswer = {
  pipeline: 'shop', revision: 3, release: '1.1.0', lane: 'normal', bundle: null, hash: '0123456789abcdef'.repeat(4),
  phases: [staging, production], alreadyVerified: [], leftOut: [], next: null,
  warnings: ['frankfurt and virginia are a failover pair and share wave 2 of production: nothing is left to fail over to while both change.'],
  work: 'ship', migrations: [], pointOfNoReturn: null,
  expectedMs: { min: 3_610_000, max: 14_460_000 },
  approvals: [{ gate: 'go-no-go', environment: 'production', scope: 'phase', times: 1, needs: 'approval by release-manager, within 1d' }],
  timetable: {
    start: at(0), end: at(14 * 60), latest: at(20 * 60),
    regions: [
      { environment: 'staging', region: 'frankfurt', start: at(0), end: at(3), ...expected },
      { environment: 'production', region: 'sydney', tenant: 'acme', start: at(60), end: at(92), ...expected },
      { environment: 'production', region: 'sydney', tenant: 'globex', start: at(60), end: at(92), ...expected, isGuess: true },
      { environment: 'production', region: 'frankfurt', start: at(12 * 60), end: at(12 * 60 + 32), ...expected, waits: 'quiet: opens at 01:00 in Europe/Berlin' },
      { environment: 'production', region: 'virginia', start: at(22 * 60), end: at(34 * 60), ...expected, waits: 'quiet: opens at 01:00 in America/New_York' },
    ],
  },
};

const tenRegions = ['perth', 'sydney', 'tokyo', 'mumbai', 'dubai', 'dublin', 'frankfurt', 'oregon', 'ohio', 'virginia'];

/** Ten regions, one by one, in each of three phases. */
export const largePlan: PlanAnswer = {
  ...plan,
  phases: ['staging', 'preview', 'production'].map((environment) => ({
    ...production, environment,
    waves: tenRegions.map((region, index) => ({
      number: index + 1, concurrency: 1, exposure: (index + 1) / 10, regions: [{ region, why: `number ${index + 1} of 10 by weight, smallest first`, comparedWith: tenRegions.filter((each) => each !== region).slice(0, 8) }],
    })),
  })),
  timetable: {
    ...plan.timetable,
    regions: ['staging', 'preview', 'production'].flatMap((environment, phase) => tenRegions.map((region, index) => ({
      environment, region, start: at((phase * 10 + index) * 40), end: at((phase * 10 + index) * 40 + 35), ...expected, isGuess: true,
    }))),
  },
};
