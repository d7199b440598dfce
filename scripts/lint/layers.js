// Who may import whom, as an allow list: what is not written here is refused. `no-restricted-imports` of oxlint can only forbid by
// name (its negations switch each other off, its regular expressions cannot look ahead), and a list of bans forgets the next folder.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const messages = ['workflows/messages/', 'workflows/memo.ts', 'workflows/search-attributes.ts'];

/**
 * One entry a layer, the most special place first. `values` and `types` name other layers (types come with the values); a layer always
 * sees itself. `packages: 'any'` leaves the packages open; otherwise they are listed, and `node:` stands for all of Node's own.
 */
const layers = [
  { name: 'schema', places: ['src/rollout/schema/'], values: ['rollout'], types: [], packages: ['zod'] },
  // Time zones come from tzdata, which changes with the machine: a workflow that asked would not replay. docs/decisions/014.
  { name: 'windows', places: ['src/rollout/control/windows.ts', 'src/rollout/plan/timetable.ts'], values: ['rollout'], types: ['schema'], packages: ['luxon'] },
  { name: 'rollout', places: ['src/rollout/'], values: [], types: ['schema'], packages: ['fastest-levenshtein', 'mustache', '@noble/hashes'] },
  { name: 'judge', places: ['src/judge/'], values: [], types: ['schema'], packages: [] },
  // What statements of SQL do, by PostgreSQL's own parser: no database is asked.
  { name: 'sql', places: ['src/sql/'], values: ['rollout', 'schema'], types: [], packages: ['libpg-query'] },
  { name: 'ports', places: ['activities/ports/'], values: [], types: ['schema', 'rollout', 'judge'], packages: [] },
  // What a workflow can be told and asked: names and shapes, shared by those who send and those who handle.
  { name: 'messages', places: messages, values: [], types: ['schema', 'rollout'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  {
    name: 'workflows', places: ['workflows/'], values: ['rollout', 'messages'], types: ['schema', 'judge', 'activities', 'ports'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  {
    name: 'activities', places: ['activities/'], values: ['schema', 'rollout', 'windows', 'judge', 'sql', 'messages'], types: ['ports'],
    packages: ['@temporalio/activity', '@temporalio/common', '@temporalio/client', 'node:', 'tsx/esm/api'],
  },
  { name: 'adapters', places: ['src/adapters/'], values: ['schema', 'rollout', 'judge', 'sql'], types: ['ports'], packages: 'any' },
  {
    name: 'client', places: ['src/http/temporal/'], values: ['schema', 'rollout', 'windows', 'messages'], types: ['workflows', 'activities'],
    packages: ['@temporalio/client', '@temporalio/common', 'node:'],
  },
  { name: 'http', places: ['src/http/'], values: ['client', 'schema', 'rollout', 'windows', 'sql'], types: [], packages: 'any' },
  // The judge by value: `meridian judge replay` is the judge itself, with no API and no worker behind it.
  { name: 'cli', places: ['src/cli/'], values: ['schema', 'rollout', 'judge', 'sql', 'adapters', 'roots', 'embedded'], types: ['http'], packages: 'any' },
  {
    name: 'embedded', places: ['src/embedded/'], packages: 'any', types: ['ports'],
    values: ['schema', 'rollout', 'messages', 'adapters', 'activities', 'client', 'http', 'roots'],
  },
  {
    name: 'roots', places: ['src/'], packages: 'any', types: [],
    values: ['schema', 'rollout', 'judge', 'ports', 'messages', 'workflows', 'activities', 'adapters', 'client', 'http', 'embedded'],
  },
];

const layerOf = (file) => layers.find(({ places }) => places.some((place) => file === place || (place.endsWith('/') && file.startsWith(place))));
const mayUsePackage = (layer, name) =>
  layer.packages === 'any' || layer.packages.some((allowed) => name === allowed || name.startsWith(allowed.endsWith(':') ? allowed : `${allowed}/`));

/** Why `file` may not import `source`, or undefined when it may. Paths are relative to the repository, with slashes. */
function refusal(file, source, isType) {
  const from = layerOf(file);
  if (from === undefined) return undefined;
  if (!source.startsWith('.')) return isType || mayUsePackage(from, source) ? undefined : `${from.name} does not use the package ${source}`;
  const to = layerOf(path.posix.join(path.posix.dirname(file), source).replace(/\.js$/, '.ts'));
  if (to === undefined) return `${from.name} imports nothing from outside the layers (${source})`;
  if (to === from || from.values.includes(to.name)) return undefined;
  if (!from.types.includes(to.name)) return `${from.name} does not import ${to.name}`;
  return isType ? undefined : `${from.name} imports only types of ${to.name}: write \`import type\``;
}

export const layersRule = {
  create(context) {
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const check = (node, kind) => {
      if (typeof node.source?.value !== 'string') return;
      const message = refusal(file, node.source.value, kind === 'type');
      if (message !== undefined) context.report({ node: node.source, message: `${message} (scripts/lint/layers.js)` });
    };
    return {
      ImportDeclaration: (node) => check(node, node.importKind),
      ExportNamedDeclaration: (node) => check(node, node.exportKind),
      ExportAllDeclaration: (node) => check(node, node.exportKind),
      ImportExpression: (node) => check(node, 'value'),
      TSImportType: (node) => check(node, 'type'),
    };
  },
};
