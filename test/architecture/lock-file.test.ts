import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const Lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), resolved: z.string().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() })),
});
const text = readFileSync('package-lock.json', 'utf8');
const { packages } = Lock.parse(JSON.parse(text));

// npm leaves out what its registry does not have for this platform; then `npm ci` refuses the file on every machine.
it('names the packages of every platform, so that a fresh clone can be installed anywhere', () => {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages)));
  expect(missing).toEqual([]);
});

it('names no registry: each machine uses its own', () => {
  expect(Object.values(packages).flatMap(({ resolved }) => resolved ?? [])).toEqual([]);
});
