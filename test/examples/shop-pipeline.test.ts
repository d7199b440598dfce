import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { digestOfFolder } from '../../src/adapters/folder-artifact.js';
import { Release } from '../../src/rollout/schema/release.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { missingVariables, variablesFor } from '../../src/rollout/document/variables.js';
import { shopFolder, versions } from './shop-process.js';

const document = PipelineDocument.parse(parse(await readFile(`${shopFolder}pipeline.yaml`, 'utf8')));
const places = document.lifecycle.flatMap(({ environment, waves }) =>
  (Array.isArray(waves) ? waves.flat() : []).map((region) => ({ environment, region })));

it('is a pipeline that walks staging in frankfurt, then production from the smallest region to the largest', () => {
  expect(places.map(({ environment, region }) => `${environment}/${region}`))
    .toEqual(['staging/frankfurt', 'production/sydney', 'production/frankfurt', 'production/virginia']);
  expect(Object.entries(document.regions).map(([name, { weight }]) => [name, weight])).toEqual([['sydney', 5], ['frankfurt', 30], ['virginia', 65]]);
});

it('gives every place a currency and a port of its own', () => {
  expect(missingVariables(document, places)).toEqual([]);
  const sourceOf = (name: string): unknown[] => places.map((place) => variablesFor(document, place).find((variable) => variable.name === name)?.source);
  expect(sourceOf('CURRENCY')).toEqual([{ value: 'EUR' }, { value: 'AUD' }, { value: 'EUR' }, { value: 'USD' }]);
  expect(sourceOf('PORT')).toEqual(['STAGING_FRANKFURT', 'PRODUCTION_SYDNEY', 'PRODUCTION_FRANKFURT', 'PRODUCTION_VIRGINIA']
    .map((place) => ({ from: { env: `SHOP_PORT_${place}` } })));
});

it.each(versions)('ships %s as a folder with a digest', async (version) => {
  const path = `${shopFolder}releases/${version}`;
  expect(Release.safeParse({ version, artifact: { path, digest: await digestOfFolder(path) } }).success).toBe(true);
  expect(JSON.parse(await readFile(`${path}/package.json`, 'utf8'))).toMatchObject({ version });
});
