import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkDocument } from '../../src/http/document.js';
import { limits } from '../../src/rollout/limits.js';
import { missingIn } from '../../src/rollout/document/missing.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';

const page = await readFile('docs/pipeline.md', 'utf8');

describe('the limits in docs/pipeline.md', () => {
  it.each([
    ['the document', `${limits.documentBytes / 1024} KB`],
    ['regions', limits.regions],
    ['tenants', limits.tenants],
    ['waves of a phase, computed ones too', limits.waves],
    ['places of a phase: tenants in regions', limits.placesInPhase],
  ])('are those that count: %s', (what, most) => {
    expect(page).toContain(`| ${what} | ${most} |`);
  });

  it('are those that count in docs/migrations.md', async () => {
    const migrations = await readFile('docs/migrations.md', 'utf8');
    expect(migrations).toContain(`${limits.schemaEntries.toLocaleString('en')} pairs of place and migration`);
    expect(migrations).toContain(`${limits.schemaHandedBytes / 1_048_576} MB of migrations`);
  });

  it('are those of the schema', () => {
    const phases = (count: number) => ({ lifecycle: Array.from({ length: count }, (_, index) => ({ environment: `e${index}` })) });
    const gates = (count: number) => ({ lifecycle: [{ environment: 'e', gates: Array.from({ length: count }, (_, index) => ({ name: `g${index}`, type: 'approval', roles: ['x'] })) }] });
    const shop = { apiVersion: 'meridian/v1', kind: 'Pipeline', name: 'shop', owner: { team: 'x', contact: 'x' }, regions: { a: { weight: 1 } }, target: { type: 'webhook', url: 'http://x' } };
    for (const [most, make] of [[20, phases], [20, gates]] as const) {
      expect(checkDocument({ ...shop, ...make(most) }).ok).toBe(true);
      expect(checkDocument({ ...shop, ...make(most + 1) }).ok).toBe(false);
    }
  });
});

it('the complete example of docs/pipeline.md lacks no value', () => {
  const example = /^```yaml pipeline\n([\s\S]*?)^```$/m.exec(page)![1]!;
  expect(missingIn(PipelineDocument.parse(parse(example)))).toEqual([]);
});
