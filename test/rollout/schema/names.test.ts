import { describe, expect, it } from 'vitest';
import {
  CheckName, EnvironmentName, GateName, PipelineName, RegionName, ReleaseVersion, RolloutId, VariableName,
} from '../../../src/rollout/schema/names.js';

describe.each([
  ['pipeline', PipelineName], ['environment', EnvironmentName], ['region', RegionName], ['gate', GateName], ['check', CheckName],
])('the name of a %s', (_what, schema) => {
  it.each(['a', '1', 'shop', 'eu-west-1', 'a--b', 'x'.repeat(63)])('may be %s', (name) => {
    expect(schema.parse(name)).toBe(name);
  });

  it.each(['', '-a', 'a-', 'A', 'a_b', 'a b', 'a.b', 'a/b', '../x', 'ä', 'a\n', '__proto__', '{{ x }}', 'x'.repeat(64)])('is never %j', (name) => {
    expect(schema.safeParse(name).success).toBe(false);
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
