import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { digestOfFolder } from '../../src/adapters/folder-artifact.js';
import { commandGroups } from '../../src/cli/commands.js';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { documentErrors } from '../../src/rollout/document-rules.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';

const read = (file: string): string => readFileSync(file, 'utf8');
const readme = read('README.md');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/shop/README.md', ...markdownIn('docs'), ...markdownIn('docs/decisions')];

function markdownIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.md')).map((file) => `${folder}/${file}`);
}

/** Names of heading links, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

/** The lines of one section, without its heading. */
const section = (title: string): string => new RegExp(`^## ${title}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(readme)?.[1] ?? '';

/** What stands in backquotes in the first column of the tables of a text. */
const firstColumn = (text: string): string[] =>
  [...text.matchAll(/^\| *([^|]+?) *\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));

describe.each(documents)('%s', (document) => {
  const text = read(document);
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));

  it('links only to what is there', () => {
    const broken = links.filter((link) => {
      const [file, anchor] = link.split('#');
      const target = file === '' ? document : path.join(path.dirname(document), file!);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('shows only pipeline documents that would be accepted', () => {
    const snippets = [...text.matchAll(/^```yaml[^\n]*\n([\s\S]*?)^```$/gm)].map(([, yaml]) => yaml!).filter((yaml) => yaml.includes('kind: Pipeline'));
    for (const snippet of snippets) expect(documentErrors(PipelineDocument.parse(parse(snippet)))).toEqual([]);
  });
});

describe('docs/pipeline.md', () => {
  it('has a complete example', () => {
    expect(read('docs/pipeline.md')).toContain('kind: Pipeline');
  });

  it('explains every field of the document', () => {
    const explained = read('docs/pipeline.md');
    const missing = [...new Set(fieldsOf(z.toJSONSchema(PipelineDocument, { io: 'input' })))].filter((field) => !explained.includes(field));
    expect(missing).toEqual([]);
  });
});

/** Every property name in a JSON schema, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

describe('docs/artifacts.md', () => {
  it('gives a recipe that makes the digest that Meridian makes', async () => {
    const recipe = /^```sh\n([\s\S]*?)^```$/m.exec(read('docs/artifacts.md'))![1]!;
    const made = execFileSync('sh', ['-c', recipe], { encoding: 'utf8' }).split(' ')[0]!;
    expect(`sha256:${made}`).toBe(await digestOfFolder(path.resolve('examples/shop/releases/1.1.0')));
  });
});

describe('README.md', () => {
  it('maps the folders that are there', () => {
    const mapped = [...section('The map').matchAll(/^ {4}(\S+\/)/gm)].map(([, folder]) => folder!);
    const folders = (parent: string): string[] =>
      readdirSync(parent || '.', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `${parent}${entry.name}/`);
    const unmapped = ['node_modules/', 'coverage/', 'src/'];
    const there = [...folders(''), ...folders('src/')].filter((folder) => !folder.startsWith('.') && !unmapped.includes(folder));
    expect(mapped.toSorted()).toEqual(there.toSorted());
  });

  it('lists exactly the environment variables that are read', () => {
    const configured = [...read('src/config.ts').matchAll(/^ {2}((?:MERIDIAN|TEMPORAL)_[A-Z_]+): /gm)].map(([, name]) => name!);
    const client = [...read('src/cli/context.ts').matchAll(/env\.(MERIDIAN_[A-Z_]+)/g)].map(([, name]) => name!);
    expect(new Set(firstColumn(section('Environment variables')))).toEqual(new Set([...configured, ...client]));
  });

  it('lists every request of the API', () => {
    const routes = readdirSync('src/http/routes').flatMap((file) =>
      [...read(`src/http/routes/${file}`).matchAll(/method: '(\w+)',\s+path: ['`](\S+)['`]/g)].map(([, method, route]) =>
        `${method!.toUpperCase()} ${route!.replace('${kind}', '{decision}')}`));
    const listed = firstColumn(section('The API')).filter((request) => !/\/(approve|reject)$/.test(request));
    expect(new Set(listed)).toEqual(new Set(routes));
  });

  it('lists every command', () => {
    const commands = commandGroups.flatMap((group) => group.commands.map((command) => command(() => async () => {}).name()));
    const listed = firstColumn(section('The command line')).map((line) => line.split(' ')[0]);
    expect(new Set(listed)).toEqual(new Set(commands));
  });

  it('lists every exit code', () => {
    const listed = [...section('The command line').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });
});
