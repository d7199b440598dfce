import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRegions, reviveRegions, stopRegions } from '../../src/adapters/process-regions.js';
import { freePorts } from '../support/free-ports.js';
import { isRunning, killNow, noSignal, RegionUnderTest } from './process/region-under-test.js';

describe('reviveRegions', () => {
  it('starts a killed region again, on its release, port, variables and data', async () => {
    const region = await RegionUnderTest.create();
    const step = region.deployStep(await region.release('1.0.0'), 1, { variables: { CURRENCY: 'AUD' } });
    await region.target().deploy(step, noSignal);
    await region.verified(step);
    const before = await region.answer();
    await killNow(before.pid);

    const [revived, ...others] = await reviveRegions(region.home);

    expect(others).toEqual([]);
    await region.verified(step);
    const after = await region.answer();
    expect(revived).toEqual({ ...region.place, release: '1.0.0', port: region.port, pid: after.pid, how: 'started' });
    expect(after.environment.CURRENCY).toBe('AUD');
    expect(await region.starts()).toEqual(['1.0.0', '1.0.0']);
  });

  it('adopts a living region, and knows it as the same one as before', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    const { pid } = await region.run(release);
    expect(await reviveRegions(region.home)).toMatchObject([{ pid, how: 'adopted' }]);
    expect(await region.current()).toEqual(release);
    expect(await region.processes()).toEqual([pid]);
  });

  it('lets an undo and a deploy go on where they were', async () => {
    const region = await RegionUnderTest.create();
    const [old, bad] = [await region.release('1.0.0'), await region.release('1.1.0')];
    await region.run(old, 1);
    const { pid } = await region.run(bad, 2);
    await killNow(pid);
    await reviveRegions(region.home);
    await region.target().deploy(region.deployStep(bad, 2), noSignal);
    await region.verified(region.deployStep(bad, 2));
    expect(await region.starts()).toEqual(['1.0.0', '1.1.0', '1.1.0']);
    await region.target().undo(region.undoStep(bad, old, 2), noSignal);
    await region.verified(region.deployStep(old));
    expect((await region.answer()).release).toBe('1.0.0');
  });

  it('does not start what was stopped for good, nor an artifact that has changed', async () => {
    const region = await RegionUnderTest.create();
    const release = await region.release('1.0.0');
    const { pid } = await region.run(release);
    await killNow(pid);
    await writeFile(path.join(release.artifact.path, 'server.js'), 'changed');
    await expect(reviveRegions(region.home)).rejects.toMatchObject({ code: 'DigestMismatch' });
    await region.target().undo(region.undoStep(release, null), noSignal);
    expect(await reviveRegions(region.home)).toEqual([]);
    expect(await region.processes()).toEqual([]);
  });

  it('finds nothing where nothing ever ran', async () => {
    const region = await RegionUnderTest.create();
    expect(await reviveRegions(region.home)).toEqual([]);
    expect(await stopRegions(region.home)).toEqual([]);
    expect(await listRegions(path.join(region.home, 'nowhere'))).toEqual([]);
  });
});

describe('stopRegions', () => {
  it('stops every region of this home and only those, and lets them be revived', async () => {
    const [region, neighbour] = [await RegionUnderTest.create(), await RegionUnderTest.create()];
    const [{ pid }, { pid: spared }] = [await region.run(await region.release('1.0.0')), await neighbour.run(await neighbour.release('1.0.0'))];

    expect(await stopRegions(region.home)).toEqual([{ ...region.place, release: '1.0.0', port: region.port, pid }]);

    expect(await isRunning(pid)).toBe(false);
    expect(await isRunning(spared)).toBe(true);
    expect(await stopRegions(region.home)).toEqual([]);
    expect(await listRegions(region.home)).toEqual([{ ...region.place, release: '1.0.0', port: region.port, pid: null }]);
    expect(await reviveRegions(region.home)).toMatchObject([{ release: '1.0.0', how: 'started' }]);
  });
});

it('knows the tenants of a region beside the region itself, and revives each on its own release', async () => {
  const region = await RegionUnderTest.create();
  const [acmePort, globexPort] = await freePorts(2);
  const release = await region.release('1.0.0');
  const { pid } = await region.run(release);
  for (const [tenant, port, version] of [['acme', acmePort!, '1.1.0'], ['globex', globexPort!, '1.2.0']] as const) {
    const step = { ...region.deployStep(await region.release(version)), tenant, key: `shop-1/production/sydney/${tenant}/1/deploy/do` };
    await region.target({ port: String(port) }).deploy(step, noSignal);
  }
  const expected = [
    { ...region.place, release: '1.0.0', port: region.port },
    { ...region.place, tenant: 'acme', release: '1.1.0', port: acmePort },
    { ...region.place, tenant: 'globex', release: '1.2.0', port: globexPort },
  ];
  expect(await listRegions(region.home)).toMatchObject(expected);
  expect(await stopRegions(region.home)).toMatchObject(expected);
  expect(await isRunning(pid)).toBe(false);
  expect(await reviveRegions(region.home)).toMatchObject(expected.map((place) => ({ ...place, how: 'started' })));
});

it('keeps regions apart whose names differ only in where a dash stands', async () => {
  const region = await RegionUnderTest.create();
  const ports = await freePorts(2);
  const release = await region.release('1.0.0');
  for (const [index, place] of [{ environment: 'a-b', region: 'c' }, { environment: 'a', region: 'b-c' }].entries()) {
    const step = { ...region.deployStep(release), ...place, key: `shop-1/${place.environment}/${place.region}/1/deploy/do` };
    await region.target({ port: String(ports[index]) }).deploy(step, noSignal);
  }
  expect((await listRegions(region.home)).map(({ environment, region: name, port }) => [environment, name, port]))
    .toEqual([['a', 'b-c', ports[1]], ['a-b', 'c', ports[0]]]);
});
