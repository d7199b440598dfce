import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/adapters/migrations-folder.js';
import { renderBoard } from '../../src/cli/board-table.js';
import { changesBetween } from '../../src/cli/changes.js';
import { effectWords } from '../../src/cli/effect-words.js';
import { renderRollout } from '../../src/cli/live-tree.js';
import { renderMigrations } from '../../src/cli/migration-table.js';
import { renderPlan } from '../../src/cli/plan-table.js';
import { overviewOf, renderOverview } from '../../src/cli/rollout-table.js';
import { nextMove } from '../../src/cli/up/next-move.js';
import { checksumsOf } from '../../src/rollout/migrations/known.js';
import type { PlanAnswer, PlannedMigration } from '../../src/rollout/schema/plan.js';
import { ContractRequest, ShipRequest } from '../../src/rollout/schema/ship.js';
import type { Rollout } from '../../src/rollout/schema/rollout.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ok, problem, startFakeApi } from './fake-api.js';
import { meridian } from './run-cli.js';
import { plan } from './sample-plans.js';
import { now, region, running, waiting } from './sample-rollouts.js';

const options = { width: 80, colours: picocolors.createColors(false), timezone: 'Europe/Berlin', now };
const body = ({ body: text }: { body: string }): unknown => JSON.parse(text);
const name = '0001-split-name';

/** An artifact with one migration of two files. */
async function artifact(more: Record<string, string> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'migrations'));
  const files = { [`${name}.expand.sql`]: 'alter table a add b int;', [`${name}.expand.down.sql`]: 'alter table a drop b;', ...more };
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(path.join(folder, 'migrations', file), text)));
  return folder;
}

const whole = { name, expand: { up: 'alter table a add b int;', down: 'alter table a drop b;' } };

const expanded: PlannedMigration = {
  name, work: 'expand', places: ['staging/frankfurt', 'production/sydney'], backfills: true, syncs: true, oneWay: false, contract: 'one-way',
  effects: [
    { what: 'adds the column given_name to customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: true },
    { what: 'builds the index customers_given_name on customers', lock: 'SHARE UPDATE EXCLUSIVE', isLong: true, rewrites: false, reversible: true },
  ],
};

const contracted: PlannedMigration = {
  ...expanded, work: 'contract', backfills: false, oneWay: true,
  effects: [{ what: 'drops the column name of customers', lock: 'ACCESS EXCLUSIVE', isLong: false, rewrites: false, reversible: false }],
};

const contractPlan: PlanAnswer = {
  ...plan, work: 'contract', migrations: [contracted], alreadyVerified: ['qa'], next: 'production',
  pointOfNoReturn: { environment: 'staging', migrations: [name], why: `${name} has no contract.down: once the old shape is gone there, neither it nor a release that needs it can come back.` },
};

describe('ship and plan', () => {
  it('send the migrations of the artifact whole, and of which its code is free', async () => {
    const folder = await artifact({ 'release.yaml': `freeOf: [${name}]` });
    const api = await startFakeApi(({ url }) => ok(url === '/v1/plans' ? plan : running));
    await meridian(api, 'ship', 'shop', '1.1.0', '--artifact', folder, '--free-of', '0000-init', '--free-of', name);
    await meridian(api, 'plan', 'shop', '1.1.0', '--artifact', folder);
    for (const request of api.received) expect(ShipRequest.parse(body(request)).release).toMatchObject({ migrations: [whole] });
    expect(body(api.received[0]!)).toMatchObject({ release: { freeOf: [name, '0000-init'] } });
  });

  it('send those of a folder with an image', async () => {
    const folder = await artifact();
    const api = await startFakeApi(() => ok(running));
    const image = `shop@sha256:${'0'.repeat(64)}`;
    await meridian(api, 'ship', 'shop', '1.1.0', '--image', image, '--migrations', path.join(folder, 'migrations'));
    expect(body(api.received[0]!)).toEqual({ pipeline: 'shop', release: { version: '1.1.0', artifact: { image }, migrations: [whole] } });
  });

  it('name those that the pipeline knows with the same content, where all together are too many for one request', async () => {
    const long = (index: number) => ({ [`000${index}.expand.sql`]: `alter table a add b int; -- ${'x'.repeat(30_000)}`, [`000${index}.expand.down.sql`]: 'alter table a drop b;' });
    const folder = await artifact({ ...long(2), ...long(3), ...long(4), ...long(5), ...long(6) });
    const { migrations } = await readMigrations(folder);
    const same = migrations.map((migration) => ({ ...known, name: migration.name, checksums: checksumsOf(migration) }));
    const answer = { items: [...same.slice(0, 4), { ...same[4]!, checksums: { expand: 'b'.repeat(64) } }] };
    const api = await startFakeApi(({ url }) => ok(url.endsWith('/migrations') ? answer : running));
    expect((await meridian(api, 'ship', 'shop', '1.1.0', '--artifact', folder)).exitCode).toBe(0);
    const { release } = ShipRequest.parse(body(api.received[1]!));
    expect(release.migrations!.map((each) => (typeof each === 'string' ? each : { whole: each.name }))).toEqual(
      ['0001-split-name', '0002', '0003', '0004', { whole: '0005' }, { whole: '0006' }],
    );
  });

  it('ask for nothing when a file of them is not right, and name it', async () => {
    const folder = await artifact({ '0002-x.expnd.sql': 'select 1' });
    const api = await startFakeApi(() => ok(running));
    const { exitCode, stderr } = await meridian(api, 'ship', 'shop', '1.1.0', '--artifact', folder);
    expect({ exitCode, asked: api.received }).toEqual({ exitCode: 1, asked: [] });
    expect(stderr).toContain('Did you mean 0002-x.expand.sql?');
  });

  it('refuse two folders with migrations, and one without any', async () => {
    const [folder, empty] = [await artifact(), await temporaryFolder()];
    const api = await startFakeApi(() => ok(running));
    expect((await meridian(api, 'ship', 'shop', '1', '--artifact', folder, '--migrations', folder)).stderr).toContain('in one of them');
    expect((await meridian(api, 'ship', 'shop', '1', '--migrations', empty)).stderr).toContain('There is no migration in');
    expect(api.received).toEqual([]);
  });

  it('print every statement that is refused with its place, and what to write below it', async () => {
    const errors = [{ pointer: '/release/migrations/0/expand/up', detail: 'line 1, column 1, drop table a: it is gone for who runs the old release.\nWrite it in contract.up:\n  drop table a' }];
    const api = await startFakeApi(() => problem(422, { title: 'A migration could harm those who use the database', detail: `${name} may not be applied; see errors.`, errors }));
    const { exitCode, stderr } = await meridian(api, 'ship', 'shop', '1', '--artifact', await artifact());
    expect(exitCode).toBe(1);
    expect(stderr).toBe([
      'A migration could harm those who use the database', `  ${name} may not be applied; see errors.`,
      '  /release/migrations/0/expand/up: line 1, column 1, drop table a: it is gone for who runs the old release.',
      '    Write it in contract.up:', '      drop table a', '',
    ].join('\n'));
  });
});

describe('the plan of a release with migrations', () => {
  it('shows each with its places, statements and locks, and what follows', () => {
    const text = renderPlan({ ...plan, migrations: [expanded] }, options);
    expect(text).toContain([
      'Migrations',
      '  0001-split-name  expand',
      '    in          staging/frankfurt, production/sydney',
      '    statements  adds the column given_name to customers: reads and writes wait',
      '                for a moment (ACCESS EXCLUSIVE)',
      '                builds the index customers_given_name on customers: nobody waits',
      '    backfill    brings rows that are there into the new shape, in batches',
      '    sync        triggers keep both shapes in step until the contract',
      '    then        a contract, when every region has done without the old shape for',
      '                long enough; it has no way back, and waits for an approval',
    ].join('\n'));
    expect(text).toContain('There is no point of no return');
  });

  it.each([['none', 'no contract is known yet'], ['later', 'still needs the old one'], ['reversible', 'it can be undone']] as const)('says what follows: %s', (contract, words) => {
    expect(renderPlan({ ...plan, migrations: [{ ...expanded, contract }] }, options).replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('of hundreds of places fits a terminal of 80 columns', () => {
    const places = Array.from({ length: 300 }, (_, at) => `production/region-${at}/tenant-with-a-long-name-${at}`);
    const lines = renderPlan({ ...plan, migrations: [{ ...expanded, places }] }, options).split('\n');
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    expect(lines.length).toBeLessThan(80);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('and 289 more');
  });
});

describe('the plan of a contract', () => {
  it('says before everything else where the point of no return is', () => {
    const lines = renderPlan(contractPlan, options).split('\n');
    expect(lines.slice(0, 5).join('\n')).toBe([
      'shop contract 0001-split-name  by revision 3 of the document', '',
      '! point of no return  staging. 0001-split-name has no contract.down: once the',
      '                      old shape is gone there, neither it nor a release that',
      '                      needs it can come back.',
    ].join('\n'));
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    const text = lines.join('\n');
    expect(text).toContain('  0001-split-name  contract  no way back\n');
    expect(text).toContain('Every step has an undo until staging: there is the point of no return.');
    expect(text).toContain('qa: there is nothing to contract');
    expect(text).not.toMatch(/There is no point of no return|promote/);
  });
});

describe('a statement in plain words', () => {
  const effect = { what: 'does it', lock: 'SHARE', isLong: true, rewrites: false, reversible: true } as const;
  it.each([
    [{}, 'does it: writes wait as long as the table is large (SHARE)'],
    [{ lock: 'none', isLong: false }, 'does it: nobody waits'],
    [{ lock: 'ROW EXCLUSIVE' }, 'does it: nobody waits'],
    [{ lock: 'ACCESS EXCLUSIVE', rewrites: true, reversible: false }, 'does it: reads and writes wait as long as the table is large (ACCESS EXCLUSIVE); writes the whole table anew; takes data away'],
  ] as const)('%j', (changes, words) => {
    expect(effectWords({ ...effect, ...changes })).toBe(words);
  });
});

const debt = {
  migration: name, since: '2026-01-01T10:00:00.000Z', oneWay: true, expanded: ['production/sydney'], contracted: ['staging/frankfurt'],
  state: 'lagging' as const, needs: 'production/sydney runs 1.0.0, which needs the old shape',
};
const known = {
  name, checksums: { expand: 'a'.repeat(64) }, release: '1.1.0', oneWay: true, hasContract: true, backfills: true, syncs: true,
  places: { 'staging/frankfurt': 'contracted' as const, 'production/sydney': 'expanded' as const, 'production/virginia': 'expanded' as const }, debt,
};

describe('migrate status', () => {
  it('says where each migration is how far, and what is missing', async () => {
    const api = await startFakeApi(() => ok({ items: [known, { ...known, name: '0002-new', hasContract: false, oneWay: false, places: {}, debt: undefined }] }));
    const { exitCode, stdout } = await meridian(api, 'migrate', 'status', 'shop');
    expect({ exitCode, asked: api.received[0]!.url }).toEqual({ exitCode: 0, asked: '/v1/pipelines/shop/migrations' });
    expect(stdout).toBe([
      '0001-split-name  brought by 1.1.0, a contract with no way back',
      '  expanded     production/sydney, production/virginia',
      '  contracted   staging/frankfurt',
      '  lagging      production/sydney runs 1.0.0, which needs the old shape', '',
      '0002-new  brought by 1.1.0, no contract yet',
      '  nowhere      nothing of it has been applied yet', '',
    ].join('\n'));
    expect(JSON.parse((await meridian(api, 'migrate', 'status', 'shop', '--output', 'json')).stdout)).toMatchObject([known, { name: '0002-new' }]);
  });

  it('says so when there is none', () => {
    expect(renderMigrations([], options)).toBe('No release has brought a migration yet.');
  });
});

describe('migrate contract', () => {
  const contract: Rollout = { ...running, contract: [name] };

  it.each([
    [[], {}],
    [[name, '0002-new'], { migrations: [name, '0002-new'] }],
    [['--reason', 'nobody reads it'], { reason: 'nobody reads it' }],
    [['--tonight'], { startAt: 'tonight' }],
    [['--at', '2026-11-22T01:00:00Z'], { startAt: '2026-11-22T01:00:00Z' }],
    [['--plan', plan.hash], { plan: plan.hash }],
  ])('%j starts a rollout of its own', async (argv, expected) => {
    const api = await startFakeApi(() => ({ status: 202, body: contract }));
    const { exitCode, stdout } = await meridian(api, 'migrate', 'contract', 'shop', ...argv);
    expect({ exitCode, asked: api.received[0]!.url }).toEqual({ exitCode: 0, asked: '/v1/contracts' });
    expect(ContractRequest.parse(body(api.received[0]!))).toEqual({ pipeline: 'shop', ...expected });
    expect(stdout).toContain('● shop-3  shop contract 0001-split-name  running');
  });

  it('with --plan shows what it would do, and starts nothing', async () => {
    const api = await startFakeApi(() => ok(contractPlan));
    const { exitCode, stdout } = await meridian(api, 'migrate', 'contract', 'shop', name, '--plan');
    expect(exitCode).toBe(0);
    expect(api.received.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/contracts?preview=true']);
    expect(stdout).toContain(`--plan ${plan.hash}`);
    expect(JSON.parse((await meridian(api, 'migrate', 'contract', 'shop', '--plan', '--output', 'json')).stdout)).toEqual(contractPlan);
  });

  it('takes no name for the hash of a plan', async () => {
    const api = await startFakeApi(() => ok(contractPlan));
    const { exitCode, stderr } = await meridian(api, 'migrate', 'contract', 'shop', '--plan', name);
    expect({ exitCode, asked: api.received }).toEqual({ exitCode: 64, asked: [] });
    expect(stderr).toContain('write `--plan` last');
  });

  it('is told every reason why it is too early', async () => {
    const detail = `${name} may still be needed: production/sydney runs 1.0.0, which needs the old shape.\n0002-new was never expanded.`;
    const api = await startFakeApi(() => problem(409, { code: 'ContractTooEarly', title: 'The old shape is still needed', detail }));
    const { exitCode, stderr } = await meridian(api, 'migrate', 'contract', 'shop', name);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`The old shape is still needed\n  ${name} may still be needed: production/sydney runs 1.0.0, which needs the old shape.\n    0002-new was never expanded.\n`);
  });

  it('with --wait ends as the rollout does: 3 while it waits for who approves the point of no return', async () => {
    const waits = waiting.waitingFor.map((wait) => ({ ...wait, gate: 'point-of-no-return' }));
    const api = await startFakeApi(({ method }) => ok(method === 'POST' ? contract : { ...waiting, contract: [name], waitingFor: waits }));
    expect((await meridian(api, 'migrate', 'contract', 'shop', '--wait')).exitCode).toBe(3);
  });
});

describe('the board', () => {
  it('names the migrations that are not at their end, and what is missing, in 80 columns', () => {
    const text = renderBoard([{ pipeline: 'shop', cells: [], debt: [debt, { ...debt, migration: '0002', state: 'due' }] }], options);
    expect(text).toBe([
      'shop',
      '  migrations under way',
      '    ○ 0001-split-name  lagging  production/sydney runs 1.0.0, which needs the',
      '                                old shape',
      '    ? 0002             due      production/sydney runs 1.0.0, which needs the',
      '                                old shape',
    ].join('\n'));
  });
});

describe('a migration whose time has come since its pipeline told of it', () => {
  it('is due on the board', () => {
    const ripening = { ...debt, state: 'ripening' as const, due: new Date(now).toISOString() };
    expect(renderBoard([{ pipeline: 'shop', cells: [], debt: [ripening] }], options)).toContain('? 0001-split-name  due');
    expect(renderBoard([{ pipeline: 'shop', cells: [], debt: [ripening] }], { ...options, now: now - 1 })).toContain('● 0001-split-name  ripening');
  });
});

describe('a rollout that changes schemas', () => {
  const contract: Rollout = {
    ...running, contract: [name], why: 'Contracting sydney.',
    regions: [
      region({ status: 'contracting', release: '1.1.0', previous: '1.1.0', note: 'waits for a lock on customers' }),
      region({ region: 'frankfurt', wave: 2, status: 'rolled-back', release: '1.1.0', previous: '1.1.0' }),
    ],
  };

  it('reads as what it does, wherever it is shown', () => {
    expect(renderRollout(contract, options)).toContain('● shop-3  shop contract 0001-split-name  running');
    expect(renderOverview(overviewOf([contract]), options)).toContain('● shop-3  contract 0001-split-name  running');
    expect(changesBetween(undefined, contract)[0]).toBe('shop-3 contract 0001-split-name: running. Contracting sydney.');
  });

  it('says how far a region is, and what an undo has put back', () => {
    const text = renderRollout(contract, options);
    expect(text).toMatch(/● sydney {5}contracting {3}1\.1\.0\n.* {2}waits for a lock on customers/);
    expect(text).toMatch(/↩ frankfurt {2}rolled-back {3}the old shape is back/);
  });

  it('tells each new word of it where no picture is drawn', () => {
    const [sydney] = contract.regions;
    const before = { ...contract, regions: [{ ...sydney!, note: '0001-split-name: 12,000 of about 50,000 rows' }] };
    expect(changesBetween(before, contract)).toContain('shop-3 production/sydney: waits for a lock on customers');
  });
});

describe('npm start', () => {
  const cells = [{ release: '1.1.0', verified: true }];
  const contract = { ...running, contract: [name] };

  it('takes a contract for no rollout of the release, and does not wait for one that has nothing to do with it', () => {
    expect(nextMove('1.1.0', [contract], cells)).toEqual({ kind: 'nothing' });
    expect(nextMove('1.1.0', [contract], [{ release: '1.0.0', verified: true }])).toEqual({ kind: 'wait-for', rollout: 'shop-3' });
  });
});
