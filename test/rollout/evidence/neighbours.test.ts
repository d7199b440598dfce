import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neighboursOf, type Walking } from '../../../src/rollout/evidence/neighbours.js';
import { placeKey } from '../../../src/rollout/places.js';
import { controlsFor } from '../../../src/rollout/plan/controls.js';
import { planRollout } from '../../../src/rollout/plan/plan.js';
import type { RegionState } from '../../../src/rollout/schema/rollout.js';
import { regionStatuses } from '../../../src/rollout/states/statuses.js';
import { shipOptions, shop } from '../sample-document.js';

const noon = '2026-11-21T12:00:00.000Z';
const sydney = { environment: 'production', region: 'sydney' };
const document = shop({ lifecycle: [{ environment: 'production' }] });
const phasesOf = (of: Walking['document'] & typeof document) => planRollout({ document: of, revision: 1, release: '1.1.0', options: shipOptions(), verified: {}, board: [] }).phases;

const state = (region: string, status: RegionState['status'], changes: Partial<RegionState> = {}): RegionState =>
  ({ environment: 'production', region, wave: 1, status, release: '1.1.0', previous: '1.0.0', attempts: 1, ...changes });
const pending = (region: string): RegionState => state(region, 'pending', { attempts: 0, release: null, previous: null });
const live = (region: string, soakedFrom: string): RegionState => state(region, 'live', {
  finishedAt: noon,
  soak: { startedAt: soakedFrom, credited: 0, countingSince: null, required: 1, max: 1, decision: 'pass', explanation: '', controls: [], checks: [] },
});
const cell = (region: string, changes: object = {}): Walking['board'][number] => ({ environment: 'production', region, release: '1.0.0', status: 'live', ...changes });
const walking = (changes: Partial<Walking> = {}): Walking => ({
  document, phases: phasesOf(document), board: ['sydney', 'frankfurt', 'virginia'].map((region) => cell(region)), drained: {},
  regions: ['sydney', 'frankfurt', 'virginia'].map(pending), atWork: [], leftOut: [], ...changes,
});
const besideSydney = (changes?: Partial<Walking>, wave = 1) => Object.fromEntries(neighboursOf(sydney, wave, walking(changes)).map((each) => [each.region, each]));

describe('the places beside one that begins', () => {
  it('are all others of its environment, in the order of the document', () => {
    expect(neighboursOf(sydney, 1, walking()).map(placeKey)).toEqual(['production/virginia', 'production/frankfurt']);
    expect(neighboursOf({ environment: 'nowhere', region: 'sydney' }, 1, walking())).toEqual([]);
  });

  it('run what the board says where this rollout has not been', () => {
    const found = besideSydney({ board: [cell('frankfurt', { changedAt: noon }), cell('virginia', { release: null, status: 'empty' })] });
    expect(found.frankfurt).toMatchObject({ release: '1.0.0', isServing: true, isChanging: false, changedAtMs: Date.parse(noon) });
    expect(found.virginia).toMatchObject({ release: null, isServing: false, changedAtMs: null });
    expect(besideSydney({ board: [] }).frankfurt).toMatchObject({ isServing: false });
    expect(besideSydney({ board: [cell('frankfurt', { status: 'stuck' }), cell('virginia', { status: 'unknown' })] })).toMatchObject({ frankfurt: { isServing: false }, virginia: { isServing: false } });
  });

  it('run the release since its soak began where they have passed', () => {
    expect(besideSydney({ regions: [live('frankfurt', '2026-11-21T11:00:00.000Z')] }, 2).frankfurt).toMatchObject({
      release: '1.1.0', isServing: true, isChanging: false, changedAtMs: Date.parse('2026-11-21T11:00:00.000Z'),
    });
  });

  it('run what an undo has put back since it ended, and nobody knows what where a step has failed', () => {
    expect(besideSydney({ regions: [state('frankfurt', 'rolled-back', { release: '1.0.0', finishedAt: noon })] }, 2).frankfurt).toMatchObject({ release: '1.0.0', changedAtMs: Date.parse(noon) });
    expect(besideSydney({ regions: [state('frankfurt', 'failed', { finishedAt: noon })] }, 2).frankfurt).toMatchObject({ isServing: false });
  });

  it('serve nobody while they are drained', () => {
    expect(besideSydney({ drained: { virginia: 'disk swap' } })).toMatchObject({ virginia: { isServing: false }, frankfurt: { isServing: true } });
  });

  it('change while their workflow is at work, whatever it says of itself', () => {
    expect(besideSydney({ atWork: ['production/frankfurt'] })).toMatchObject({ frankfurt: { isChanging: true }, virginia: { isChanging: false } });
    for (const status of ['gated', 'deploying', 'soaking', 'held', 'rolling-back', 'stuck'] as const) {
      expect(besideSydney({ regions: [state('frankfurt', status)] }, 2).frankfurt, status).toMatchObject({ isChanging: true });
    }
  });

  it('may begin where they are next in the same wave, unless they have passed, are drained or left out', () => {
    const together = shop({ lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt', 'virginia']] }] });
    const all = { document: together, phases: phasesOf(together) };
    expect(besideSydney(all)).toMatchObject({ frankfurt: { isChanging: true }, virginia: { isChanging: true } });
    expect(besideSydney({ ...all, regions: [live('frankfurt', noon), pending('virginia')] })).toMatchObject({ frankfurt: { isChanging: false }, virginia: { isChanging: true } });
    expect(besideSydney({ ...all, leftOut: ['production/frankfurt'], drained: { virginia: 'x' } })).toMatchObject({ frankfurt: { isChanging: false }, virginia: { isChanging: false } });
  });

  it('may begin where another tenant of theirs is at work; one that has passed stays as it is', () => {
    const tenants = { acme: { regions: ['sydney', 'frankfurt'] }, beta: { regions: ['frankfurt'] } };
    const inSequence = shop({ tenants, lifecycle: [{ environment: 'production', waves: [['sydney', 'frankfurt']], tenants: 'sequence' }] });
    const acme = { ...sydney, tenant: 'acme' };
    const besideAcme = (frankfurt: RegionState) => neighboursOf(acme, 1, walking({
      document: inSequence, phases: phasesOf(inSequence), board: [cell('frankfurt', { tenant: 'acme' })], atWork: ['production/frankfurt/beta'],
      regions: [{ ...pending('sydney'), ...acme }, { ...frankfurt, tenant: 'acme' }, { ...state('frankfurt', 'soaking'), tenant: 'beta' }],
    })).filter(({ tenant }) => tenant === 'acme');
    expect(besideAcme(pending('frankfurt'))).toMatchObject([{ region: 'frankfurt', isChanging: true }]);
    expect(besideAcme(live('frankfurt', noon))).toMatchObject([{ region: 'frankfurt', isChanging: false }]);
  });

  it('are those alone that may begin in the lanes of a rolling wave', () => {
    const regions = Object.fromEntries(['sydney', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => [name, { weight: index + 1 }]));
    const rolling = shop({ regions, soak: { min: '30m', max: '1h' }, lifecycle: [{ environment: 'production', waves: { order: 'rolling', concurrency: 2 } }] });
    const names = Object.keys(regions);
    const base = { document: rolling, phases: phasesOf(rolling), board: names.map((name) => cell(name)), regions: names.map(pending) };
    const changing = (changes: Partial<Walking> = {}) => Object.values(besideSydney({ ...base, ...changes })).filter(({ isChanging }) => isChanging).map(({ region }) => region);
    expect(changing()).toEqual(['a', 'b', 'c', 'd']); // one in the free lane, three that may follow
    expect(changing({ atWork: ['production/a'] })).toEqual(['a', 'b', 'c', 'd']); // the lane is taken, three may follow
    expect(changing({ atWork: ['production/a'], regions: names.map((name) => (name === 'b' ? live('b', noon) : pending(name))) })).toEqual(['a', 'c', 'd', 'e']);
  });

  // Plainer: what a control must be, said of each place by itself.
  it('give no control that changes, serves nobody or was changed within the soak, however far the rollout has come', () => {
    const names = ['sydney', 'a', 'b', 'c', 'd'];
    const waves = [['sydney', 'a'], ['b', 'c', 'd']];
    const two = shop({ regions: Object.fromEntries(names.map((name) => [name, { weight: 1 }])), lifecycle: [{ environment: 'production', waves }] });
    const places = fc.tuple(...names.map(() => fc.record({ status: fc.constantFrom(...regionStatuses), isOpen: fc.boolean(), isDrained: fc.boolean(), isEmpty: fc.boolean(), ago: fc.integer({ min: 0, max: 2 }) })));
    const nowMs = Date.parse(noon);
    const hour = 3_600_000;
    fc.assert(fc.property(places, (drawn) => {
      const ago = (hours: number): string => new Date(nowMs - hours * hour).toISOString();
      const stateOf = (name: string, index: number): RegionState => {
        const { status, ago: hours, isEmpty } = drawn[index]!;
        if (status === 'pending') return pending(name);
        return { ...live(name, ago(hours)), status, finishedAt: ago(hours), release: isEmpty ? null : '1.1.0' };
      };
      const found = controlsFor(sydney, neighboursOf(sydney, 1, {
        document: two, phases: phasesOf(two), board: names.map((name, index) => cell(name, { changedAt: ago(drawn[index]!.ago), release: drawn[index]!.isEmpty ? null : '1.0.0' })),
        drained: Object.fromEntries(names.filter((_, index) => drawn[index]!.isDrained).map((name) => [name, 'x'])),
        regions: names.map(stateOf), atWork: names.filter((_, index) => drawn[index]!.isOpen).map((name) => `production/${name}`), leftOut: [],
      }), { nowMs, soakMs: hour }, two).map(({ region }) => region);
      const mayCompare = (name: string, index: number): boolean => {
        const { status, isOpen, isDrained, isEmpty, ago: hours } = drawn[index]!;
        const isNextInWave = name === 'a' && status !== 'live';
        const isAtRest = ['pending', 'live', 'rolled-back', 'skipped', 'superseded'].includes(status);
        return name !== 'sydney' && !isOpen && !isDrained && !isEmpty && !isNextInWave && isAtRest && hours >= 1;
      };
      expect(found).toEqual(names.filter(mayCompare));
    }));
  });
});
