import { describe, expect, it } from 'vitest';
import { Incident, type IncidentState } from '../../../src/judge/evidence/incident.js';
import { ratioKind } from '../../../src/judge/kinds/ratio.js';
import type { Sample } from '../../../src/judge/sample.js';
import { timesOf } from '../../../src/judge/times.js';
import { empty, ratio, usual } from '../looks.js';

const times = timesOf(30);
const opened = () => Incident.open(ratioKind, times, Array.from({ length: 120 }, (_, index) => usual(index)));
const looked = (incident: Incident, t: number, controls: Record<string, Sample>): void => incident.observe(t, { region: ratio(6, 6_000), controls });
const controlsAt = (index: number, rome = 0): Record<string, Sample> => ({ ...usual(index).controls, ...(rome > 0 && { rome: ratio(rome, 6_000) }) });

/** Who is sick after each look: in the looks `from` to `to` rome has ten times its errors. */
function sickOver(looks: number, [from, to]: [number, number], incident = opened()): string[][] {
  return Array.from({ length: looks }, (_, index) => {
    looked(incident, (index + 1) * 30, controlsAt(index, index + 1 >= from && index + 1 <= to ? 60 : 0));
    return incident.sick((index + 1) * 30 - times.incident);
  });
}

describe('a control', () => {
  it('that does not change is not sick, for however long', () => {
    expect(sickOver(200, [0, -1]).flat()).toEqual([]);
  });

  it('that gets worse than its own past is, once that has lasted; the others are not', () => {
    const sick = sickOver(30, [5, 30]);
    expect(sick[4]).toEqual([]);
    expect(sick.slice(14)).toEqual(Array.from({ length: 16 }, () => ['rome']));
  });

  it('that got worse at any time is found', () => {
    for (const from of [1, 14, 27, 40, 53, 66]) expect(sickOver(from + 15, [from, from + 15]).at(-1)).toEqual(['rome']);
  });

  it('that gets well is well again some time later', () => {
    const sick = sickOver(80, [5, 15]);
    expect(sick[14]).toEqual(['rome']);
    expect(sick.slice(55).flat()).toEqual([]);
  });

  it('that had one bad look is not sick', () => {
    expect(sickOver(40, [5, 5]).flat()).toEqual([]);
  });

  it('that is silent is neither', () => {
    const incident = opened();
    for (let look = 1; look <= 40; look++) looked(incident, look * 30, { rome: empty });
    expect(incident.sick(0)).toEqual([]);
  });

  it('without a past cannot be watched, and is not counted', () => {
    const incident = opened();
    expect(incident.count).toBe(3);
    for (let look = 1; look <= 20; look++) looked(incident, look * 30, { ...controlsAt(look), bergen: ratio(600, 6_000) });
    expect([incident.count, incident.sick(0)]).toEqual([3, []]);
    expect(Incident.open(ratioKind, times, []).count).toBe(0);
  });

  it('may be called anything', () => {
    const named = (index: number) => ({ region: ratio(6, 6_000), controls: Object.fromEntries(['__proto__', 'constructor'].map((name, place) => [name, ratio(4 + ((index * (3 + place)) % 5), 6_000)])) });
    const incident = Incident.open(ratioKind, times, Array.from({ length: 60 }, (_, index) => named(index)));
    for (let look = 1; look <= 20; look++) looked(incident, look * 30, Object.fromEntries([['__proto__', ratio(60, 6_000)], ['constructor', ratio(6, 6_000)]]));
    expect([incident.count, incident.sick(0)]).toEqual([2, ['__proto__']]);
  });

  it('is remembered as JSON', () => {
    const incident = opened();
    sickOver(12, [1, 12], incident);
    const restored = Incident.restore(ratioKind, times, JSON.parse(JSON.stringify(incident.save())) as IncidentState);
    for (const each of [incident, restored]) for (let look = 13; look < 30; look++) looked(each, look * 30, controlsAt(look, 60));
    expect(restored.save()).toEqual(incident.save());
    expect(restored.sick(0)).toEqual(['rome']);
  });
});
