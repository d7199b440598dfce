import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Fixture } from './lint-fixtures.js';
import { allowed, care, imports, purity, targets } from './lint-fixtures.js';

const Report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), message: z.string(), filename: z.string() })) });

const repository = process.cwd();
const fixtures = [...imports, ...purity, ...care, ...allowed];
const fileOf = (fixture: Fixture): string => `${fixture.folder}/fixture-${fixtures.indexOf(fixture)}.ts`;

let folder: string;
let found: z.infer<typeof Report>['diagnostics'];

async function layOut(): Promise<void> {
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'scripts/lint']) {
    await cp(path.join(repository, name), path.join(folder, name), { recursive: true });
  }
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  const files = [...Object.entries(targets), ...fixtures.map((fixture) => [fileOf(fixture), fixture.code] as const)];
  for (const [name, code] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), `${code}\n`);
  }
}

/** oxlint exits with 1 when it finds something, and here it must: its report is read either way. */
async function runOxlint(): Promise<string> {
  const oxlint = path.join(repository, 'node_modules/oxlint/bin/oxlint');
  return await new Promise((resolve) => {
    execFile(process.execPath, [oxlint, '--format=json'], { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (_, stdout) => resolve(stdout));
  });
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'meridian-lint-')));
  await layOut();
  found = Report.parse(JSON.parse(await runOxlint())).diagnostics;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const findingsIn = (fixture: Fixture) =>
  found
    .filter((finding) => finding.filename === fileOf(fixture))
    .map((finding) => ({ rule: finding.code ?? (finding.message.startsWith('Unused') ? 'unused-disable' : ''), message: finding.message }));

const titled = (cases: Fixture[]): [string, Fixture][] => cases.map((fixture) => [fixture.title, fixture]);

describe.each([
  ['imports go one way: lint says no when', imports],
  ['the rules and the workflows stay pure: lint says no when', purity],
  ['carelessness: lint says no when', care],
])('%s', (_, cases) => {
  it.each(titled(cases))('%s', (__, fixture) => {
    const finding = findingsIn(fixture).find(({ rule }) => rule === fixture.rule);
    expect(finding, JSON.stringify(findingsIn(fixture))).toBeDefined();
    expect(finding?.message).toMatch(fixture.says ?? /./);
  });
});

describe('lint lets through', () => {
  it.each(titled(allowed))('%s', (_, fixture) => {
    expect(findingsIn(fixture)).toEqual([]);
  });
});
