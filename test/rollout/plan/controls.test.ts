import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlsFor, placesInOrder, startingBeside, type Neighbour } from '../../../src/rollout/plan/controls.js';
import { placeKey } from '../../../src/rollout/places.js';
import { shop } from '../sample-document.js';

const sydney = { environment: 'production', region: 'sydney' };
const time = { nowMs: 10_000_000, soakMs: 1_800_000 };
const quiet = (region: string, changes: Partial<Neighbour> = {}): Neighbour =>
  ({ environment: 'production', region, isServing: true, isChanging: false, changedAtMs: null, ...changes });
/** Regions r0, r1, … of these weights. */
const weighing = (weights: number[]) => shop({ regions: Object.fromEntries(weights.map((weight, index) => [`r${index}`, { weight }])) });
const controls = (...neighbours: Neighbour[]): string[] => controlsFor(sydney, neighbours, time, shop()).map(placeKey);

describe('a soak is compared with', () => {
  it('the other regions of its environment, the largest share of traffic first', () => {
    expect(controls(quiet('frankfurt'), quiet('virginia'))).toEqual(['production/virginia', 'production/frankfurt']);
  });

  it('never with itself, another environment or another tenant', () => {
    expect(controls(quiet('sydney'), quiet('virginia', { environment: 'staging' }), quiet('frankfurt', { tenant: 'acme' }))).toEqual([]);
    const acme = { ...sydney, tenant: 'acme' };
    const neighbours = ['acme', 'globex', undefined].map((tenant) => quiet('frankfurt', { tenant }));
    expect(controlsFor(acme, [...neighbours, quiet('sydney', { tenant: 'globex' })], time, shop()).map(placeKey)).toEqual(['production/frankfurt/acme']);
  });

  it('never with a region that serves nobody, or changes meanwhile', () => {
    expect(controls(quiet('frankfurt', { isServing: false }), quiet('virginia', { isChanging: true }))).toEqual([]);
  });

  it('with one that was changed as long ago as the soak takes, and with none that was changed later', () => {
    const changed = (agoMs: number) => controls(quiet('virginia', { changedAtMs: time.nowMs - agoMs }));
    expect(changed(time.soakMs)).toEqual(['production/virginia']);
    expect(changed(time.soakMs - 1)).toEqual([]);
  });

  it('the largest eight of many, in the order of the document where they are alike', () => {
    const many = Array.from({ length: 12 }, (_, index) => quiet(`r${index}`));
    const alike = controlsFor(sydney, many, time, weighing(many.map(() => 1))).map(({ region }) => region);
    expect(alike).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
    const growing = controlsFor(sydney, many, time, weighing(many.map((_, index) => index))).map(({ region }) => region);
    expect(growing).toEqual(['r11', 'r10', 'r9', 'r8', 'r7', 'r6', 'r5', 'r4']);
  });

  // Plainer: picks the best that is left, one after the other.
  function plainly(neighbours: Neighbour[], soakMs: number, weightOf: (region: string) => number): string[] {
    const left = neighbours.filter((each) => {
      if (each.environment !== 'production' || each.tenant !== undefined || each.region === 'sydney') return false;
      if (!each.isServing || each.isChanging) return false;
      return each.changedAtMs === null || each.changedAtMs <= time.nowMs - soakMs;
    });
    const chosen: string[] = [];
    while (chosen.length < 8 && left.length > 0) {
      let best = 0;
      for (let index = 1; index < left.length; index++) if (weightOf(left[index]!.region) > weightOf(left[best]!.region)) best = index;
      chosen.push(left.splice(best, 1)[0]!.region);
    }
    return chosen;
  }

  it('what a plainer rule would choose, whatever there is to choose from', () => {
    const neighbour = fc.record({
      environment: fc.constantFrom('production', 'production', 'staging'), tenant: fc.constantFrom(undefined, undefined, 'acme'),
      isServing: fc.boolean(), isChanging: fc.boolean(), changedAtMs: fc.option(fc.integer({ min: time.nowMs - 10, max: time.nowMs })),
      weight: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(fc.property(fc.array(neighbour, { minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 11 }), (drawn, soakMs) => {
      const neighbours = drawn.map(({ weight: _weight, ...each }, index) => ({ ...each, region: index === 3 ? 'sydney' : `r${index}` }));
      const document = weighing(drawn.map(({ weight }) => weight));
      const found = controlsFor(sydney, neighbours, { ...time, soakMs }, document).map(({ region }) => region);
      expect(found).toEqual(plainly(neighbours, soakMs, (region) => document.regions[region]?.weight ?? 0));
    }));
  });
});

describe('the places of an environment', () => {
  it('stand in the order of the document, whatever the order of the waves', () => {
    const phase = { environment: 'production', waves: [['frankfurt'], ['virginia']] };
    expect(placesInOrder(phase, shop()).map(placeKey)).toEqual(['production/virginia', 'production/frankfurt']);
  });
});

describe('what may begin beside a soak', () => {
  const soakMs = { min: 30, max: 120, interval: 1 };
  const line = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const starting = (concurrency: number, atWork: number, of = line) => startingBeside({ concurrency }, { soakMs }, of, atWork).length;

  it('is nothing where one region changes at a time', () => {
    expect(starting(1, 0)).toBe(0);
  });

  it('is the rest of the wave where all of it changes at once', () => {
    expect(starting(21, 0)).toBe(20);
  });

  it('is one for each free lane, and those that follow in the lanes beside it until the longest soak is over', () => {
    expect(starting(2, 0)).toBe(1 + 5);
    expect(starting(2, 1)).toBe(5);
    expect(startingBeside({ concurrency: 2 }, { soakMs }, line, 1)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
  });

  it('is as much as a wave that is played through starts, and never less', () => {
    const setting = fc.record({ concurrency: fc.integer({ min: 1, max: 4 }), begun: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 3 }), lasts: fc.array(fc.integer({ min: 30, max: 120 }), { minLength: 20, maxLength: 20 }) });
    fc.assert(fc.property(setting, ({ concurrency, begun, lasts }) => {
      const atWork = begun.slice(0, concurrency - 1);
      // When each of the lanes beside the soak becomes free; those without anybody are free now.
      const lanes = Array.from({ length: concurrency - 1 }, (_, index) => atWork[index] ?? 0);
      let started = 0;
      for (const last of lasts) {
        const next = lanes.indexOf(Math.min(...lanes));
        if (lanes.length === 0 || lanes[next]! > soakMs.max) break;
        lanes[next]! += last;
        started += 1;
      }
      expect(starting(concurrency, atWork.length)).toBeGreaterThanOrEqual(started);
    }));
  });
});
