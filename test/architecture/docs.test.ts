import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { digestOfFolder } from '../../src/adapters/folder-artifact.js';
import { commandGroups } from '../../src/cli/commands.js';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { createProgram } from '../../src/cli/program.js';
import { addShipOptions } from '../../src/cli/ship-options.js';
import { decisionKinds, needsReason, type DecisionKind } from '../../src/rollout/control/decision-kinds.js';
import { documentErrors } from '../../src/rollout/document/document-rules.js';
import { DecisionRequest } from '../../src/rollout/schema/decision.js';
import { FreezeRequest } from '../../src/rollout/schema/freeze.js';
import { Gate } from '../../src/rollout/schema/gate.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { rolloutStatuses } from '../../src/rollout/states/statuses.js';
import { searchAttributes } from '../../workflows/search-attributes.js';
import { openApp, tokensOf } from '../http/open-app.js';

const read = (file: string): string => readFileSync(file, 'utf8');
const readme = read('README.md');
const exampleFolders = readdirSync('examples').map((name) => `examples/${name}`);
const documents = [
  'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...exampleFolders.flatMap(markdownIn), ...markdownIn('docs'), ...markdownIn('docs/decisions'),
];

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

/** The options of each command, the global ones included. */
const optionsOf = ((program) => new Map(program.commands.map((command) =>
  [command.name(), new Set([program, command, ...command.commands].flatMap(({ options }) => options).flatMap(({ long, short }) => [long, short]))])))(
  createProgram(() => () => Promise.resolve(), process));

/** What a document tells a reader to type, without what stands before and behind the command. */
const typedIn = (document: string): string[] =>
  [...read(document).matchAll(/^ {4,}(?:\w+=\S+ )*(?:npx meridian|node bin\/meridian\.js) ([^#\n]+)/gm)].map(([, line]) => line!.trim());

function canBeTyped(line: string): boolean {
  const [name = '', ...words] = line.replaceAll(/"[^"]*"/g, 'text').split(/\s+/);
  return words.every((word) => !word.startsWith('-') || optionsOf.get(name)?.has(word)) && optionsOf.has(name);
}

describe('what a reader is told to type', () => {
  it.each(documents)('can be typed, in %s', (document) => {
    expect(typedIn(document).filter((line) => !canBeTyped(line))).toEqual([]);
  });

  it('is found', () => {
    expect(typedIn('README.md')).toContain('ship hello 1.0.0 --wait');
    expect(['shpi hello 1.0.0', 'ship hello 1.0.0 --soon'].some(canBeTyped)).toBe(false);
  });
});

describe('docs/concepts.md', () => {
  const text = read('docs/concepts.md');

  it.each([
    ['status of a rollout', rolloutStatuses], ['decision', decisionKinds], ['kind of gate', Gate.options.map(({ shape }) => shape.type.value)],
    ['workflow', [...read('workflows/index.ts').matchAll(/export \{ (.+) \}/g)].flatMap(([, names]) => names!.split(', '))],
  ])('explains every %s', (_what, names) => {
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text))).toEqual([]);
  });
});

describe('docs/temporal-ui.md', () => {
  const text = read('docs/temporal-ui.md');
  const rows = [...text.matchAll(/^\| `(\w+)` \| [^|]+ \| `(\{.*\})` \|$/gm)].map(([, kind, input]) => ({ kind: kind!, input: JSON.parse(input!) as Record<string, unknown> }));

  it('has a signal for every decision, with an input that is right', () => {
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(decisionKinds));
    for (const { kind, input: { by, roles = [], ...request } } of rows) {
      expect(by, kind).toBeTypeOf('string');
      expect(Array.isArray(roles), kind).toBe(true);
      expect(needsReason(kind as DecisionKind) ? DecisionRequest.required({ reason: true }).parse(request) : DecisionRequest.parse(request), kind).toEqual(request);
    }
  });

  it('freezes with an update that is right', () => {
    const [, input] = /--name freeze --input '(.+)'/.exec(text)!;
    const { name, by, request } = JSON.parse(input!) as Record<string, unknown>;
    expect({ name, by }).toEqual({ name: 'stop', by: 'ana' });
    expect(FreezeRequest.parse(request)).toEqual(request);
  });

  it('lists every search attribute', () => {
    const attributes = Object.values(searchAttributes).map(({ name }) => name);
    expect(firstColumn(text).filter((name) => name.startsWith('Meridian')).toSorted()).toEqual(attributes.toSorted());
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

type Method = 'get' | 'put' | 'post' | 'delete';

/** The decisions that README.md names in one row, as the requests that they are. */
const operatorDecisions = (): string[] =>
  /\{decision\}` \| operator \| `([a-z ]+)`/.exec(section('The API'))![1]!.split(' ').map((kind) => `POST /v1/rollouts/{id}/${kind}`);

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

  it('lists every request of the API', async () => {
    const { paths } = (await openApp().http.get('/openapi.json').expect(200)).body as { paths: Record<string, object> };
    const requests = Object.entries(paths).flatMap(([route, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`));
    const decisions = decisionKinds.map((kind) => `POST /v1/rollouts/{id}/${kind}`);
    const listed = firstColumn(section('The API')).flatMap((request) => (request.endsWith('/{decision}') ? operatorDecisions() : [request]));
    expect(listed.filter((request) => decisions.includes(request)).toSorted()).toEqual(decisions.toSorted());
    expect(new Set(listed)).toEqual(new Set(requests));
  });

  it('names the role that each request takes', async () => {
    const { http } = openApp({ tokens: tokensOf({ eve: ['nothing'] }) });
    for (const [, requests, role] of section('The API').matchAll(/^\| (`[A-Z]+ .+?) \| ([^|]+) \|/gm)) {
      for (const [, method, route] of requests!.matchAll(/`([A-Z]+) (\S+)`/g)) {
        const address = route!.replace('{decision}', 'pause').replaceAll(/\{\w+\}/g, 'shop-1');
        const answer = await http[method!.toLowerCase() as Method](address).set('Authorization', 'Bearer eve-secret').send({});
        const taken = /takes the role (\w+)/.exec((answer.body as { detail?: string } | undefined)?.detail ?? '')?.[1];
        expect(['deployer', 'operator'].includes(role!) ? role : undefined, `${method} ${route}`).toBe(taken);
      }
    }
  });

  it('names every way to ship', () => {
    const ways = addShipOptions(new Command()).options.map(({ long }) => long!);
    expect(ways.filter((way) => !section('The command line').includes(`\`${way}`))).toEqual([]);
  });

  it('leads to every example', () => {
    expect(exampleFolders.filter((folder) => !readme.includes(folder))).toEqual([]);
  });

  it('lists every command', () => {
    const commands = commandGroups.flatMap((group) => group.commands.map((command) => command(() => async () => {}).name()));
    const listed = firstColumn(section('The command line')).map((line) => line.split(' ')[0]).filter((word) => !word!.startsWith('--'));
    expect(new Set(listed)).toEqual(new Set(commands));
  });

  it('lists every exit code', () => {
    const listed = [...section('The command line').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });
});
