import { describe, expect, it } from 'vitest';
import { schemaRefusal, toExpand } from '../../../src/rollout/migrations/compatible.js';
import type { PlaceSchema, SchemaPhase } from '../../../src/rollout/schema/migration.js';

const old = { version: '1.0.0' };
const both = { version: '1.1.0', migrations: ['m'] };
const free = { version: '1.2.0', migrations: ['m'], freeOf: ['m'] };
const unaware = { version: '1.3.0', freeOf: ['m'] };

/** Which of them run with the migration as far as this. */
const running = (phase: SchemaPhase | undefined): string[] => {
  const schema: PlaceSchema = phase === undefined ? {} : { m: phase };
  return [old, both, free, unaware].filter((release) => schemaRefusal(release, schema) === null).map(({ version }) => version);
};

describe('which release runs with which schema', () => {
  it.each<[SchemaPhase | undefined, string[]]>([
    [undefined, ['1.0.0', '1.3.0']],
    ['expanding', ['1.0.0', '1.3.0']],
    ['expanded', ['1.0.0', '1.1.0', '1.2.0', '1.3.0']],
    ['contracting', ['1.2.0', '1.3.0']],
    ['contracted', ['1.2.0', '1.3.0']],
  ])('with the migration %s: %j', (phase, versions) => {
    expect(running(phase)).toEqual(versions);
  });

  it('says which shape is missing, and what a release would have to say', () => {
    expect(schemaRefusal(both, {})).toBe('1.1.0 needs the new shape of m, which is not there');
    expect(schemaRefusal(old, { m: 'contracted' })).toBe('1.0.0 may need the old shape of m, which is gone: it does not say freeOf');
  });

  it('takes a migration by its own name, whatever objects inherit', () => {
    expect(toExpand({ migrations: ['constructor'] }, {})).toEqual(['constructor']);
    expect(schemaRefusal({ version: '1.0.0', migrations: ['constructor'] }, {})).toContain('constructor');
  });

  it('expands what is missing or half there, in the order of the release', () => {
    expect(toExpand({ migrations: ['b', 'a', 'c'] }, { a: 'expanded', c: 'expanding' })).toEqual(['b', 'c']);
  });
});
