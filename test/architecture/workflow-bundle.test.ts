import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode, type BundleOptions } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

const repository = process.cwd();
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Every file that webpack put into the bundle of `workflowsPath`, as webpack itself lists them. */
async function modulesInBundle(workflowsPath: string): Promise<string[]> {
  const files = new Set<string>();
  const listModules: NonNullable<WebpackConfig['plugins']>[number] = {
    apply: (compiler) => {
      compiler.hooks.done.tap('list-modules', ({ compilation }) => {
        for (const module of compilation.modules) {
          if ('resource' in module && typeof module.resource === 'string') files.add(module.resource);
        }
      });
    },
  };
  await bundleWorkflowCode({
    workflowsPath,
    logger: silent,
    webpackConfigHook: (config) => ({ ...config, plugins: [...(config.plugins ?? []), listModules] }),
  });
  return [...files];
}

const projectFiles = (root: string, files: string[]): string[] =>
  files
    .map((file) => path.relative(root, file).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('..') && !file.includes('node_modules'));

const packages = (files: string[]): string[] => {
  const names = files.flatMap((file) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]?.replace('\\', '/') ?? []);
  return [...new Set(names)].toSorted();
};

describe('the bundle of the workflows', () => {
  let files: string[];
  beforeAll(async () => {
    files = await modulesInBundle(path.join(repository, 'workflows/index.ts'));
  });

  it('holds the workflows and the rules that they ask', () => {
    expect(projectFiles(repository, files)).toEqual(expect.arrayContaining(['workflows/index.ts', 'workflows/messages/rollout.ts', 'src/rollout/states/rollout-states.ts']));
  });

  it('holds of our code nothing but workflows and rules: no judge, and no schema', () => {
    const strangers = projectFiles(repository, files).filter((file) => !/^(workflows|src\/rollout(?!\/schema))\//.test(file));
    expect(strangers).toEqual([]);
  });

  it('holds no zod, no time zones, and no package but those of the SDK and two of the rules: the hash of a plan, the nearest name', () => {
    const known = ['@noble/hashes', 'fastest-levenshtein', '@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];
    expect(packages(files).filter((name) => !known.includes(name))).toEqual([]);
    expect(packages(files)).toContain('@temporalio/workflow');
  });
});

describe('a schema that a workflow imports as a value', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'meridian-bundle-')));
    await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    await cp(path.join(repository, 'package.json'), path.join(folder, 'package.json'));
    await cp(path.join(repository, 'src/rollout'), path.join(folder, 'src/rollout'), { recursive: true });
    const careless = `import { RegionName } from './src/rollout/schema/names.js';\nexport async function careless() { return RegionName.parse('x'); }\n`;
    await writeFile(path.join(folder, 'index.ts'), careless);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is seen in its bundle, and zod behind it', async () => {
    const files = await modulesInBundle(path.join(folder, 'index.ts'));
    expect(projectFiles(folder, files)).toContain('src/rollout/schema/names.ts');
    expect(packages(files)).toContain('zod');
  });
});
