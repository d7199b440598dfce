import { describe, expect, it } from 'vitest';
import { admitContract } from '../../../src/rollout/pipeline/admit-contract.js';
import type { PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import type { SchemaPhase } from '../../../src/rollout/schema/migration.js';
import { at, database, fleetLedger, free, oneWay, recordOf, runs, split } from '../migrations/sample-fleet.js';

const lifecycle = [{ environment: 'staging', waves: [['sydney']] }, { environment: 'production', waves: [['frankfurt']] }];

/** A migration without a way back, everywhere free of its old shape. */
function proven(places: Record<string, SchemaPhase>, changes: Record<string, unknown> = {}): PipelineLedger {
  const ledger = fleetLedger([recordOf({ contract: oneWay }, places)], { lifecycle, ...changes });
  return Object.keys(places).reduce((before, key) => runs(before, key, free), ledger);
}

const admitted = (ledger: PipelineLedger) => admitContract(ledger, { options: { lane: 'normal', rehearse: false }, by: 'ana', roles: [] }, at('13:00')).rollout;

/** Environments of the plan, the one with the approval marked. */
const walkOf = (ledger: PipelineLedger): string[] =>
  admitted(ledger).plan.phases.map(({ environment, gates }) => (gates.some(({ name }) => name === 'point-of-no-return') ? `${environment}!` : environment));

describe('a contract without a way back asks for its approval', () => {
  const both = { 'staging/sydney': 'expanded', 'production/frankfurt': 'expanded' } as const;

  it('before the first phase that it goes through', () => {
    expect(walkOf(proven(both))).toEqual(['staging!', 'production']);
    expect(walkOf(proven({ ...both, 'staging/sydney': 'contracted' }))).toEqual(['production!']);
  });

  it('not in a phase where it goes nowhere: all of it is held back, dropped, or without a database', () => {
    const tenants = { acme: { regions: ['sydney'], holdBack: 'audit' } };
    expect(walkOf(proven({ 'staging/sydney/acme': 'expanded', 'production/frankfurt': 'expanded' }, { tenants }))).toEqual(['production!']);
    expect(walkOf(proven({ 'staging/sydney': 'contracted', 'staging/oslo': 'expanded', 'production/frankfurt': 'expanded' }))).toEqual(['production!']);
    const [staging, production] = lifecycle;
    expect(walkOf(proven(both, { database: undefined, lifecycle: [staging, { ...production, database }] }))).toEqual(['production!']);
  });

  it('where the first of several that have none does not go as far back as another', () => {
    const first = recordOf({ name: '0041-first', contract: oneWay }, { 'staging/sydney': 'contracted', 'production/frankfurt': 'expanded' });
    const second = recordOf({ contract: oneWay }, { 'staging/sydney': 'expanded', 'production/frankfurt': 'contracted' });
    const ledger = proven(both);
    const releases = ledger.releases.map((known) => ({ ...known, release: { ...known.release, freeOf: ['0041-first', split] } }));
    const { plan } = admitted({ ...ledger, releases, migrations: [first, second] });
    expect(plan.pointOfNoReturn?.environment).toBe('staging');
    expect(plan.phases.map(({ gates }) => gates.length)).toEqual([1, 0]);
  });
});

describe('a contract', () => {
  it('is handed what runs in every place, those that are contracted already too: they are looked at again', () => {
    const { schema, release } = admitted(proven({ 'staging/sydney': 'contracted', 'production/frankfurt': 'expanded' }));
    expect(schema.releases).toEqual({ 'staging/sydney': free, 'production/frankfurt': free });
    expect(release).toEqual(free);
  });
});
