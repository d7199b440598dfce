import { describe, expect, it } from 'vitest';
import {
  BlockName, CheckName, EnvironmentName, FreezeName, GateName, PipelineName, PlanHash, RegionName, ReleaseVersion, RolloutId, ScheduleName, TenantName, VariableName,
} from '../../../src/rollout/schema/names.js';

describe.each([
  ['pipeline', PipelineName], ['environment', EnvironmentName], ['region', RegionName], ['tenant', TenantName], ['gate', GateName], ['check', CheckName],
  ['freeze', FreezeName], ['block', BlockName], ['schedule', ScheduleName],
])('the name of a %s', (_what, schema) => {
  it.each(['a', '1a', 'shop', 'eu-west-1', 'a--b', 'x'.repeat(63)])('may be %s', (name) => {
    expect(schema.parse(name)).toBe(name);
  });

  it.each(['', '-a', 'a-', 'A', 'a_b', 'a b', 'a.b', 'a/b', '../x', 'ä', 'a\n', '__proto__', '{{ x }}', 'x'.repeat(64)])('is never %j', (name) => {
    expect(schema.safeParse(name).success).toBe(false);
  });
});

it('regions and tenants, whose order counts, are not named by digits alone, which JavaScript would put first', () => {
  for (const schema of [RegionName, TenantName]) expect(schema.safeParse('12').success).toBe(false);
  expect(EnvironmentName.parse('12')).toBe('12');
});

describe('the hash of a plan', () => {
  it('is given in full', () => {
    expect(PlanHash.parse('0123456789abcdef'.repeat(4))).toHaveLength(64);
  });

  it.each(['', 'abc', 'A'.repeat(64), 'g'.repeat(64), '0'.repeat(65), `sha256:${'0'.repeat(64)}`])('is never %j', (hash) => {
    expect(PlanHash.safeParse(hash).success).toBe(false);
  });
});

describe('the version of a release', () => {
  it.each(['1.4.2', '2026.11.21-rc.1', 'v1', '8d3adc6f', '1.0.0+build.5', 'a'.repeat(100)])('may be %s', (version) => {
    expect(ReleaseVersion.parse(version)).toBe(version);
  });

  it.each(['', '.', '..', '-rf', '1/2', '1 2', '1:2', '$(id)', 'a\n', 'a'.repeat(101)])('is never %j: it ends up in URLs, labels and file names', (version) => {
    expect(ReleaseVersion.safeParse(version).success).toBe(false);
  });
});

describe('the name of a variable', () => {
  it.each(['A', 'DATABASE_URL', 'X1'])('may be %s', (name) => {
    expect(VariableName.parse(name)).toBe(name);
  });

  it.each(['', 'a', '1A', '_A', 'A-B', 'A B', 'A=B', 'A'.repeat(64)])('is never %j', (name) => {
    expect(VariableName.safeParse(name).success).toBe(false);
  });
});

describe('a rollout', () => {
  it.each(['shop-1', 'shop-eu-12', '1-1'])('may be %s', (id) => {
    expect(RolloutId.parse(id)).toBe(id);
  });

  it.each(['', 'shop', 'shop-', 'shop-0', 'shop-01', 'Shop-1', 'shop/1', '-1', 'shop-1 '])('is never %j', (id) => {
    expect(RolloutId.safeParse(id).success).toBe(false);
  });
});
