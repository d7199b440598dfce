/** One small file, laid out where the real one would stand. `rule` is what must catch it; absent, nothing may. */
export interface Fixture {
  title: string;
  folder: string;
  code: string;
  rule?: string;
  says?: RegExp;
}

const layers = 'meridian(layers)';

export const imports: Fixture[] = [
  { title: 'the rules import the judge', folder: 'src/rollout', code: `import { judge } from '../judge/judge.js';\njudge();`, rule: layers },
  { title: 'a workflow imports the judge', folder: 'workflows', code: `import { judge } from '../src/judge/judge.js';\njudge();`, rule: layers },
  { title: 'the rules import a type of the judge', folder: 'src/rollout', code: `import type { A } from '../judge/judge.js';\nexport type B = A;`, rule: layers },
  { title: 'the rules import a schema as a value', folder: 'src/rollout', code: `import { Plan } from './schema/plan.js';\nexport const p = Plan;`, rule: layers, says: /import type/ },
  { title: 'the rules import a schema with an inline type', folder: 'src/rollout', code: `import { type Plan } from './schema/plan.js';\nexport type P = Plan;`, rule: layers },
  { title: 'the rules re-export a schema', folder: 'src/rollout', code: `export { Plan } from './schema/plan.js';`, rule: layers },
  { title: 'the rules re-export all of a schema', folder: 'src/rollout', code: `export * from './schema/plan.js';`, rule: layers },
  { title: 'the rules load a schema late', folder: 'src/rollout', code: `export const load = () => import('./schema/plan.js');`, rule: layers },
  { title: 'the rules import the configuration', folder: 'src/rollout', code: `import { loadConfig } from '../config.js';\nloadConfig();`, rule: layers },
  { title: 'the rules use zod', folder: 'src/rollout', code: `import { z } from 'zod';\nexport const s = z.string();`, rule: layers, says: /zod/ },
  { title: 'the rules use Temporal', folder: 'src/rollout', code: `import { sleep } from '@temporalio/workflow';\nexport const s = sleep;`, rule: layers },
  { title: 'the rules use Node', folder: 'src/rollout', code: `import fs from 'node:fs';\nexport const s = fs;`, rule: layers },
  { title: 'the schema imports an adapter', folder: 'src/rollout/schema', code: `import { a } from '../../adapters/a.js';\nexport const s = a;`, rule: layers },
  { title: 'the judge imports a schema as a value', folder: 'src/judge', code: `import { Check } from '../rollout/schema/check.js';\nexport const c = Check;`, rule: layers },
  { title: 'the judge imports a rule', folder: 'src/judge', code: `import { plan } from '../rollout/plan.js';\nexport const p = plan;`, rule: layers },
  { title: 'a port holds a value', folder: 'activities/ports', code: `import { durationMs } from '../../src/rollout/duration.js';\nexport const d = durationMs;`, rule: layers },
  { title: 'a workflow imports a schema as a value', folder: 'workflows', code: `import { Plan } from '../src/rollout/schema/plan.js';\nexport const p = Plan;`, rule: layers },
  { title: 'a workflow imports an activity as a value', folder: 'workflows', code: `import { deploy } from '../activities/deploy.js';\nexport const d = deploy;`, rule: layers },
  { title: 'a workflow imports an adapter', folder: 'workflows', code: `import type { A } from '../src/adapters/a.js';\nexport type B = A;`, rule: layers },
  { title: 'a workflow imports the HTTP side', folder: 'workflows', code: `import { app } from '../src/http/app.js';\nexport const a = app;`, rule: layers },
  { title: 'a workflow uses Node', folder: 'workflows', code: `import { randomUUID } from 'node:crypto';\nexport const r = randomUUID;`, rule: layers },
  { title: 'a workflow uses the client', folder: 'workflows', code: `import { Client } from '@temporalio/client';\nexport const c = Client;`, rule: layers },
  { title: 'a workflow asks a time zone', folder: 'workflows', code: `import { windowAt } from '../src/rollout/control/windows.js';\nexport const w = windowAt;`, rule: layers, says: /windows/ },
  { title: 'a rule that workflows use asks a time zone', folder: 'src/rollout', code: `import { windowAt } from './control/windows.js';\nexport const w = windowAt;`, rule: layers, says: /windows/ },
  { title: 'a rule uses luxon', folder: 'src/rollout', code: `import { DateTime } from 'luxon';\nexport const d = DateTime;`, rule: layers, says: /luxon/ },
  { title: 'an activity imports an adapter', folder: 'activities', code: `import { a } from '../src/adapters/a.js';\nexport const b = a;`, rule: layers },
  { title: 'an activity imports a workflow', folder: 'activities', code: `import { rollout } from '../workflows/rollout.js';\nexport const b = rollout;`, rule: layers },
  { title: 'an adapter imports a workflow', folder: 'src/adapters', code: `import { rollout } from '../../workflows/rollout.js';\nexport const b = rollout;`, rule: layers },
  { title: 'an adapter imports an activity', folder: 'src/adapters', code: `import { deploy } from '../../activities/deploy.js';\nexport const b = deploy;`, rule: layers },
  { title: 'a route imports a workflow', folder: 'src/http/routes', code: `import { rolloutQuery } from '../../../workflows/messages/rollout.js';\nexport const b = rolloutQuery;`, rule: layers },
  { title: 'a route imports an adapter', folder: 'src/http/routes', code: `import { a } from '../../adapters/a.js';\nexport const b = a;`, rule: layers },
  { title: 'the command line imports a workflow', folder: 'src/cli', code: `import { rolloutQuery } from '../../workflows/messages/rollout.js';\nexport const b = rolloutQuery;`, rule: layers },
  { title: 'the command line imports an activity', folder: 'src/cli/commands', code: `import type { A } from '../../../activities/deploy.js';\nexport type B = A;`, rule: layers },
  { title: 'the client of Temporal imports the code of a workflow', folder: 'src/http/temporal', code: `import { rollout } from '../../../workflows/rollout.js';\nexport const b = rollout;`, rule: layers },
  { title: 'the rules import something outside every layer', folder: 'src/rollout', code: `import { a } from '../../test/support/a.js';\nexport const b = a;`, rule: layers },
];

export const purity: Fixture[] = [
  { title: 'a rule asks Date.now()', folder: 'src/rollout', code: `export const now = (): number => Date.now();`, rule: 'eslint(no-restricted-properties)' },
  { title: 'the judge asks Date.now()', folder: 'src/judge', code: `export const now = (): number => Date.now();`, rule: 'eslint(no-restricted-properties)' },
  { title: 'a rule asks new Date()', folder: 'src/rollout', code: `export const now = (): Date => new Date();`, rule: 'meridian(no-clock)' },
  { title: 'a rule asks Date()', folder: 'src/rollout', code: `export const now = (): string => Date();`, rule: 'meridian(no-clock)' },
  { title: 'a rule rolls dice', folder: 'src/rollout', code: `export const dice = (): number => Math.random();`, rule: 'eslint(no-restricted-properties)' },
  { title: 'a rule waits', folder: 'src/rollout', code: `export const wait = (f: () => void): unknown => setTimeout(f, 1);`, rule: 'eslint(no-restricted-globals)' },
  { title: 'a rule reads the environment', folder: 'src/rollout', code: `export const home = (): unknown => process.env.HOME;`, rule: 'eslint(no-restricted-globals)' },
  { title: 'a rule goes round the ban by globalThis', folder: 'src/rollout', code: `export const g = (): unknown => globalThis.setTimeout;`, rule: 'eslint(no-restricted-globals)' },
  { title: 'the judge makes an identity', folder: 'src/judge', code: `export const id = (): string => crypto.randomUUID();`, rule: 'eslint(no-restricted-globals)' },
  { title: 'a workflow waits without a summary', folder: 'workflows', code: `export const wait = (f: () => void): unknown => setTimeout(f, 1);`, rule: 'eslint(no-restricted-globals)' },
  { title: 'a workflow counts in its module', folder: 'workflows', code: `export let runs = 0;\nexport const count = (): number => { runs += 1; return runs; };`, rule: 'meridian(no-module-state)' },
  { title: 'a workflow keeps a Map in its module', folder: 'workflows', code: `const seen = new Map<string, number>();\nexport const see = (id: string): unknown => seen.set(id, 1);`, rule: 'meridian(no-module-state)' },
  { title: 'a workflow keeps a list in its module', folder: 'workflows', code: `const seen: string[] = [];\nexport const see = (id: string): number => seen.push(id);`, rule: 'meridian(no-module-state)' },
  { title: 'a rule keeps a cache in its module', folder: 'src/rollout', code: `const cache: Record<string, number> = {};\nexport const see = (id: string): void => { cache[id] = 1; };`, rule: 'meridian(no-module-state)' },
];

export const care: Fixture[] = [
  { title: 'a promise floats', folder: 'src/http', code: `const save = async (): Promise<void> => { await Promise.resolve(); };\nexport const run = (): void => { save(); };`, rule: 'typescript(no-floating-promises)' },
  { title: 'a promise stands where a condition should', folder: 'src/http', code: `const ready = async (): Promise<boolean> => { await Promise.resolve(); return true; };\nexport const run = (): number => (ready() ? 1 : 2);`, rule: 'typescript(no-misused-promises)' },
  { title: 'a switch forgets a case', folder: 'src/http', code: `export const name = (kind: 'a' | 'b'): string | undefined => { switch (kind) { case 'a': return 'A'; } };`, rule: 'typescript(switch-exhaustiveness-check)' },
  { title: 'a value is any', folder: 'src/http', code: `export const id = (value: any): unknown => value;`, rule: 'typescript(no-explicit-any)' },
  { title: 'what was parsed is used unseen', folder: 'src/http', code: `export const id = (text: string): string => JSON.parse(text).id;`, rule: 'typescript(no-unsafe-return)' },
  { title: 'a type is imported as a value', folder: 'src/http', code: `import { Server } from 'node:http';\nexport type S = Server;`, rule: 'typescript(consistent-type-imports)' },
  { title: 'a string is thrown', folder: 'src/http', code: `export const fail = (): never => { throw 'no'; };`, rule: 'typescript(only-throw-error)' },
  { title: 'a failure is swallowed', folder: 'src/http', code: `export const quiet = (f: () => void): void => { try { f(); } catch {} };`, rule: 'eslint(no-empty)' },
  { title: 'a route prints', folder: 'src/http', code: `export const hello = (): void => console.log('hello');`, rule: 'eslint(no-console)' },
  { title: 'an adapter prints', folder: 'src/adapters', code: `export const hello = (): void => console.log('hello');`, rule: 'eslint(no-console)' },
  { title: 'a route reads the environment', folder: 'src/http', code: `export const port = process.env.PORT;`, rule: 'eslint(no-restricted-properties)' },
  { title: 'a module is exported by default', folder: 'src/http', code: `export default 1;`, rule: 'import(no-default-export)' },
  { title: 'a ban is switched off where nothing is banned', folder: 'src/http', code: `// oxlint-disable-next-line no-console\nexport const a = 1;`, rule: 'unused-disable' },
];

export const allowed: Fixture[] = [
  { title: 'a rule uses a rule and the type of a schema', folder: 'src/rollout', code: `import { durationMs } from './duration.js';\nimport type { Plan } from './schema/plan.js';\nexport const f = (plan: Plan): unknown => [plan, durationMs];` },
  { title: 'a schema uses zod and a rule', folder: 'src/rollout/schema', code: `import { z } from 'zod';\nimport { limits } from '../limits.js';\nexport const A = z.number().max(limits.a);` },
  { title: 'a workflow uses rules, and types of the judge and of activities', folder: 'workflows', code: `import { sleep } from '@temporalio/workflow';\nimport type { Deploy } from '../activities/deploy.js';\nimport { limits } from '../src/rollout/limits.js';\nimport type { A } from '../src/judge/judge.js';\nexport const a = [sleep, limits];\nexport type B = { deploy: Deploy; a: A };` },
  { title: 'the client of Temporal knows the messages', folder: 'src/http/temporal', code: `import { rolloutQuery } from '../../../workflows/messages/rollout.js';\nexport const b = rolloutQuery;` },
  { title: 'an activity knows the messages', folder: 'activities', code: `import { rolloutQuery } from '../workflows/messages/rollout.js';\nexport const b = rolloutQuery;` },
  { title: 'the rules read and write a given time', folder: 'src/rollout', code: `export const iso = (ms: number): string => new Date(ms).toISOString();\nexport const ms = (text: string): number => Date.parse(text);` },
  { title: 'a table in a module', folder: 'workflows', code: `const names = { a: 1, b: 2 } as const;\nconst order: ReadonlySet<string> = new Set(['a']);\nexport const has = (name: string): boolean => order.has(name) && name in names;` },
  { title: 'the command line prints', folder: 'src/cli', code: `export const hello = (): void => console.log('hello');` },
];

/** What the imports of the fixtures lead to: the type-aware rules need something there. */
export const targets: Record<string, string> = {
  'src/config.ts': 'export const loadConfig = (): void => undefined;',
  'src/judge/judge.ts': 'export type A = 1;\nexport const judge = (): void => undefined;',
  'src/rollout/duration.ts': 'export const durationMs = 1;',
  'src/rollout/limits.ts': 'export const limits = { a: 1 };',
  'src/rollout/plan.ts': 'export const plan = 1;',
  'src/rollout/schema/plan.ts': 'export const Plan = 1;\nexport type Plan = 1;',
  'src/rollout/schema/check.ts': 'export const Check = 1;',
  'src/adapters/a.ts': 'export const a = 1;\nexport type A = 1;',
  'src/http/app.ts': 'export const app = 1;',
  'activities/deploy.ts': 'export const deploy = 1;\nexport type A = 1;\nexport type Deploy = 1;',
  'workflows/rollout.ts': 'export const rollout = 1;',
  'workflows/messages/rollout.ts': 'export const rolloutQuery = 1;',
  'test/support/a.ts': 'export const a = 1;',
};
