import { describe, expect, it } from 'vitest';
import { BoardPage, Migrations, Pipeline } from '../../../src/http/answers.js';
import { checksumsOf } from '../../../src/rollout/migrations/known.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { PlanAnswer } from '../../../src/rollout/schema/plan.js';
import { shop } from '../../rollout/sample-document.js';
import { pipelineState } from '../fake-workflows.js';
import { openApp } from '../open-app.js';
import { debt, knownSplit, splitName, unsafe } from '../sample-migrations.js';

const ship = (release: object) => ({ pipeline: 'shop', release: { version: '1.2.0', ...release } });
const database = { type: 'postgres', url: '{{ DATABASE_URL }}' };
const withDatabase = shop({ database, variables: [{ name: 'DATABASE_URL', secret: true, values: [{ from: { env: 'DATABASE_URL' } }] }] });

describe('a release with migrations', () => {
  it('is kept with their names, and hands them over classified', async () => {
    const { http, workflows } = openApp();
    await http.post('/v1/rollouts').send(ship({ migrations: ['0000-init', splitName], freeOf: ['0000-init'] })).expect(202);
    const [, { release, migrations }] = workflows.told('startRollout')[0]!;
    expect(release).toEqual({ version: '1.2.0', migrations: ['0000-init', '0001-split-name'], freeOf: ['0000-init'] });
    expect(migrations).toMatchObject([{ ...splitName, checksums: checksumsOf(splitName), effects: { expand: [{ lock: 'ACCESS EXCLUSIVE', isLong: false }, {}], contract: [{}] } }]);
  });

  it('hands over none where it only names them', async () => {
    const { http, workflows } = openApp();
    await http.post('/v1/rollouts').send(ship({ migrations: ['0001-split-name'] })).expect(202);
    expect(workflows.told('startRollout')[0]![1]).not.toHaveProperty('migrations');
  });

  it.each(['/v1/rollouts', '/v1/plans'])('is refused by %s with the place of each statement that is unsafe, and what to write instead', async (path) => {
    const { http, workflows } = openApp();
    const answer = await http.post(path).send(ship({ migrations: [splitName, unsafe] }));
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'MigrationRefused', detail: expect.stringContaining('0002-unsafe may not be applied') as string }]);
    const { errors } = answer.body as { errors: { in: string; pointer: string; detail: string }[] };
    expect(errors[0]).toMatchObject({ in: 'body', pointer: '/release/migrations/1/expand/up', detail: expect.stringMatching(/^line 3, column \d+, drop table orders: .+\n.+/s) as string });
    expect(workflows.calls).toEqual([]);
  });

  it('with broken SQL is told where it breaks', async () => {
    const broken = { ...splitName, expand: { ...splitName.expand, up: 'alter table customers\n  ad column x text;' } };
    const { body } = await openApp().http.post('/v1/plans').send(ship({ migrations: [broken] })) as { body: { errors: { pointer: string; detail: string }[] } };
    expect(body.errors[0]).toMatchObject({ pointer: '/release/migrations/0/expand/up', detail: expect.stringContaining('line 2, column') as string });
  });

  it.each<[string, unknown, string, string]>([
    ['a misspelt part', { ...splitName, contrakt: {} }, '/release/migrations/0/contrakt', 'Did you mean contract?'],
    ['no way back', { name: '0001-x', expand: { up: 'select 1' } }, '/release/migrations/0/expand/down', 'missing; expected a text'],
    ['a name that is none', 'Split Name', '/release/migrations/0', 'use lower-case letters'],
    ['a number', 7, '/release/migrations/0', 'expected an object or a text'],
  ])('with %s is told what a migration is', async (_what, migration, pointer, detail) => {
    const answer = await openApp().http.post('/v1/rollouts').send(ship({ migrations: [migration] }));
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'InvalidRequest', errors: [{ pointer, detail: expect.stringContaining(detail) as string }] }]);
  });

  it('names each migration once', async () => {
    const answer = await openApp().http.post('/v1/rollouts').send(ship({ migrations: [splitName, '0001-split-name'] }));
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/release/migrations/1', detail: expect.stringContaining('a second time') as string }] }]);
  });

  it('is refused when its migrations are more than a region can be handed', async () => {
    const migrations = Array.from({ length: 5 }, (_, index) => ({ name: `000${index}`, expand: { up: `select '${'x'.repeat(30_000)}';`, down: 'select 1;' } }));
    const answer = await openApp().http.post('/v1/rollouts').send(ship({ migrations }));
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/release/migrations', detail: expect.stringContaining('KB of migrations, at most 128') as string }] }]);
  });

  it('is another request under the same key when its SQL is another', async () => {
    const { http, workflows } = openApp();
    await http.post('/v1/rollouts').send(ship({ migrations: [splitName] }));
    await http.post('/v1/rollouts').send(ship({ migrations: [{ ...splitName, expand: { ...splitName.expand, down: `${splitName.expand.down} ` } }] }));
    const [one, other] = workflows.told('startRollout').map(([, { fingerprint }]) => fingerprint);
    expect(one).not.toBe(other);
  });

  it('is told that a migration has changed, in the words of the rule', async () => {
    const { http, workflows } = openApp();
    workflows.fail('startRollout', new MeridianFailure('MigrationChanged', '0001-split-name is known with another expand.'));
    const answer = await http.post('/v1/rollouts').send(ship({ migrations: [splitName] }));
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'MigrationChanged', detail: '0001-split-name is known with another expand.' }]);
  });
});

describe('the plan of a release with migrations', () => {
  const state = { ...pipelineState, document: withDatabase, locks: {}, blocks: [], drained: {} };

  async function planOf(release: object, changes: object = {}): Promise<PlanAnswer> {
    const { http, workflows } = openApp();
    workflows.answer('pipeline', () => ({ ...state, ...changes }));
    return PlanAnswer.parse((await http.post('/v1/plans').send(ship(release)).expect(200)).body);
  }

  it('says where each is expanded, with its statements and what may follow', async () => {
    const { migrations, warnings } = await planOf({ migrations: [splitName], freeOf: ['0001-split-name'] });
    expect(migrations).toMatchObject([{ name: '0001-split-name', work: 'expand', contract: 'reversible', oneWay: false, backfills: false, effects: [{ lock: 'ACCESS EXCLUSIVE' }, {}] }]);
    expect(migrations[0]!.places).toContain('production/sydney');
    expect(warnings).not.toContainEqual(expect.stringContaining('does not know'));
  });

  it('leaves out the places that have it already', async () => {
    const known = { ...knownSplit, checksums: checksumsOf(splitName) };
    const { migrations } = await planOf({ migrations: [splitName] }, { migrations: [known] });
    expect(migrations[0]!.places).not.toContain('staging/sydney');
    expect((await planOf({ migrations: ['0001-split-name'] }, { migrations: [known] })).migrations).toEqual(migrations);
  });

  it.each<[string, object, object, string]>([
    ['a name that nobody knows', { migrations: ['0001-splt-name'] }, { migrations: [knownSplit] }, 'Did you mean 0001-split-name?'],
    ['another content under a name that is known', { migrations: [splitName] }, { migrations: [knownSplit] }, 'is known with another expand and contract'],
    ['a pipeline without a database', { migrations: [splitName] }, { document: shop() }, 'has no database'],
    ['a schema that the release is too old for', {}, { migrations: [{ ...knownSplit, places: { 'production/sydney': 'contracted' } }] }, 'may need the old shape of 0001-split-name'],
  ])('warns of %s', async (_what, release, changes, warning) => {
    expect((await planOf(release, changes)).warnings).toContainEqual(expect.stringContaining(warning));
  });
});

describe('the migrations of a pipeline', () => {
  it('are listed with how far they are, and what is missing', async () => {
    const { http, workflows } = openApp();
    const finished = { ...knownSplit, name: '0000-init' };
    workflows.answer('pipeline', () => ({ ...pipelineState, migrations: [finished, knownSplit], debt: [debt] }));
    const { items } = Migrations.parse((await http.get('/v1/pipelines/shop/migrations').expect(200)).body);
    expect(items).toEqual([finished, { ...knownSplit, debt }]);
    expect(Pipeline.parse((await http.get('/v1/pipelines/shop').expect(200)).body)).toMatchObject({ migrations: [finished, knownSplit], debt: [debt] });
  });

  it('stand on the board as long as something is missing', async () => {
    const { http, workflows } = openApp();
    const memo = await workflows.pipelineMemo('shop');
    const { since: _since, expanded: _expanded, contracted: _contracted, ...shown } = debt;
    workflows.answer('pipelines', () => ({ items: [{ ...memo, debt: [shown] }, memo] }));
    const { items } = BoardPage.parse((await http.get('/v1/board').expect(200)).body);
    expect(items.map((board) => board.debt)).toEqual([[shown], undefined]);
  });
});
