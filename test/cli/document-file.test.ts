import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ApiProblem } from '../../src/cli/api-errors.js';
import { locateErrors, readDocumentFile } from '../../src/cli/document-file.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function fileOf(text: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'pipeline.yaml');
  await writeFile(file, text);
  return file;
}

const text = `# our shop
name: shop
regions:
  sydney:
    weight: -1
lifecycle:
  - environment: staging
    "odd/key~": 1
`;

it('knows the name, and keeps the text as it is', async () => {
  expect(await readDocumentFile(await fileOf(text))).toMatchObject({ name: 'shop', text });
});

it.each([
  ['/regions/sydney/weight', '5:13'],
  ['/lifecycle/0/environment', '7:18'],
  ['/lifecycle/0/odd~1key~0', '8:17'],
  ['/regions/sydney/timezone/x', '5:5'], // not there: the nearest thing around it
  ['/owner', '1:1'],
  ['', '1:1'],
])('finds %s at %s', async (pointer, place) => {
  const file = await fileOf(text);
  expect((await readDocumentFile(file)).locate(pointer)).toBe(`${file}:${place}`);
});

it('puts the place in the file before each pointer of a problem', async () => {
  const file = await fileOf(text);
  const errors = [{ pointer: '/regions/sydney/weight', detail: 'needs at least 0; got -1' }, { pointer: '', detail: 'missing owner' }];
  const located = locateErrors(new ApiProblem(422, { title: 'Not right', errors }), await readDocumentFile(file));
  expect(located.problem.errors).toEqual([
    { pointer: `${file}:5:13 /regions/sydney/weight`, detail: 'needs at least 0; got -1' },
    { pointer: `${file}:1:1`, detail: 'missing owner' },
  ]);
});

it('names the place of every mistake in the syntax', async () => {
  const file = await fileOf('name: shop\nregions: {a: 1\nx: [\n');
  await expect(readDocumentFile(file)).rejects.toThrow(new RegExp(`^${file}:\\d+:\\d+: `));
});

it.each([
  ['a list', '- name: shop'],
  ['a document without a name', 'kind: Pipeline'],
  ['an empty file', ''],
  ['a name that is no text', 'name: 7'],
])('refuses %s', async (_title, content) => {
  await expect(readDocumentFile(await fileOf(content))).rejects.toThrow('has no name');
});

it('says that a file is not there', async () => {
  await expect(readDocumentFile('/nowhere/pipeline.yaml')).rejects.toThrow('/nowhere/pipeline.yaml cannot be read: there is no such file.');
});
