import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/rollout/schema/block.js';
import type { Freeze } from '../../src/rollout/schema/freeze.js';
import type { MissingVariable } from '../../src/rollout/schema/missing.js';
import type { Schedule } from '../../src/rollout/schema/schedule.js';
import { ok, problem, startFakeApi, type Reply } from './fake-api.js';
import { meridian } from './run-cli.js';

const at = '2026-11-21T12:00:00.000Z';
const done: Reply = { status: 204, body: '' };

/** Asks an API that gives one answer, and says what it was asked. */
async function ask(answer: Reply, ...argv: string[]) {
  const api = await startFakeApi(() => answer);
  const run = await meridian(api, ...argv);
  const [request] = api.received;
  return { ...run, asked: request && `${request.method} ${request.url}`, sent: request?.body ? (JSON.parse(request.body) as unknown) : undefined };
}

const hold = { owner: 'payments', scope: { environments: ['production'], regions: ['sydney', 'perth'] }, from: at, to: null, reason: 'peak of the year', by: 'ana', at };
const freeze: Freeze = { name: 'black-friday', holds: [hold, { ...hold, owner: 'ops', scope: 'all', to: '2026-11-30T06:00:00.000Z', reason: 'network' }] };

const held = { ...freeze, warnings: [] };

describe('freeze', () => {
  it('sends the scope, the times, the owner and the reason', async () => {
    const line = '--pipeline shop --pipeline till --environment production --region sydney --tenant acme --from 2026-11-27T00:00:00Z --to 2026-11-30T06:00:00Z --owner payments --reason peak';
    expect(await ask(ok(held), 'freeze', 'black-friday', ...line.split(' '))).toMatchObject({
      exitCode: 0,
      asked: 'PUT /v1/freezes/black-friday',
      sent: {
        scope: { pipelines: ['shop', 'till'], environments: ['production'], regions: ['sydney'], tenants: ['acme'] },
        from: '2026-11-27T00:00:00Z', to: '2026-11-30T06:00:00Z', owner: 'payments', reason: 'peak',
      },
    });
  });

  it('stops everything in one call', async () => {
    expect(await ask(ok(held), 'freeze', 'stop', '--all', '--reason', 'network')).toMatchObject({ exitCode: 0, sent: { scope: 'all', reason: 'network' } });
  });

  it.each([[[], 'Say what is to be frozen'], [['--all', '--region', 'sydney'], '--all freezes everything']])('with the scope %j is refused before anything is asked', async (scope, message) => {
    const { exitCode, stderr, asked } = await ask(ok(held), 'freeze', 'stop', ...scope, '--reason', 'network');
    expect({ exitCode, asked }).toEqual({ exitCode: 1, asked: undefined });
    expect(stderr).toContain(message);
  });

  it('warns of names in its scope that nobody has: it would stop nothing', async () => {
    const { stdout, exitCode } = await ask(ok({ ...freeze, warnings: ['no pipeline is named shpo'] }), 'freeze', 'stop', '--pipeline', 'shpo', '--reason', 'network');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^! warning {2}no pipeline is named shpo\n/);
  });

  it('names everybody who holds it, with scope, times and reason', async () => {
    const { stdout } = await ask(ok({ items: [freeze] }), 'freezes');
    expect(stdout).toMatch(/^black-friday\n {2}payments {2}environments production · regions sydney, perth, from /);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('until somebody lifts it: peak of the year');
    expect(stdout).toMatch(/\n {2}ops {2}everything, from /);
  });

  it('reads every page of them', async () => {
    const api = await startFakeApi(({ url }) => ok(url.includes('cursor') ? { items: [{ ...freeze, name: 'second' }] } : { items: [freeze], next: 'more' }));
    expect((await meridian(api, 'freezes')).stdout).toMatch(/black-friday[\s\S]*second/);
  });
});

describe('unfreeze', () => {
  it.each([[[], ''], [['--owner', 'ops'], '?owner=ops'], [['--everyone'], '?owner=*']])('%j lifts one hold, or all', async (options, query) => {
    const { asked, stdout } = await ask(ok({ freeze: null }), 'unfreeze', 'black-friday', ...options);
    expect(decodeURIComponent(asked!)).toBe(`DELETE /v1/freezes/black-friday${query}`);
    expect(stdout).toBe('black-friday is over.\n');
  });

  it('says who still holds it', async () => {
    const { stdout } = await ask(ok({ freeze: { ...freeze, holds: [hold] } }), 'unfreeze', 'black-friday');
    expect(stdout).toMatch(/^black-friday is still held:\nblack-friday\n {2}payments/);
  });
});

describe('block', () => {
  const block: Block = { name: 'wrong-totals', version: '1.2.0', pipelines: ['shop'], reason: 'carts of ten items fail', by: 'ana', at };

  it('sends the release or the digest, the pipelines and the reason', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await ask(ok(block), 'block', 'wrong-totals', '--release', '1.2.0', '--pipeline', 'shop', '--reason', 'bad')).toMatchObject({
      exitCode: 0, asked: 'PUT /v1/blocks/wrong-totals', sent: { version: '1.2.0', pipelines: ['shop'], reason: 'bad' },
    });
    expect((await ask(ok(block), 'block', 'cve', '--digest', digest, '--reason', 'bad')).sent).toEqual({ digest, reason: 'bad' });
  });

  it('is refused when it blocks nothing', async () => {
    expect(await ask(ok(block), 'block', 'cve', '--reason', 'bad')).toMatchObject({ exitCode: 1, asked: undefined });
  });

  it('is listed with its reason, and lifted', async () => {
    expect((await ask(ok({ items: [block] }), 'blocks')).stdout.replaceAll(/\s+/g, ' ')).toMatch(/wrong-totals 1\.2\.0 in shop, by ana .*: carts of ten items fail/);
    expect(await ask(done, 'unblock', 'wrong-totals')).toMatchObject({ exitCode: 0, asked: 'DELETE /v1/blocks/wrong-totals', stdout: 'wrong-totals is lifted.\n' });
  });

  it('is repeated to whoever ships the release', async () => {
    const refusal = problem(409, { title: 'The release is blocked', code: 'ReleaseBlocked', detail: '1.2.0 is blocked: carts of ten items fail.' });
    expect(await ask(refusal, 'ship', 'shop', '1.2.0')).toMatchObject({ exitCode: 1, stderr: 'The release is blocked\n  1.2.0 is blocked: carts of ten items fail.\n' });
  });
});

describe('drain', () => {
  it('sends the reason, and says what is drained', async () => {
    expect(await ask(ok({ drained: { sydney: 'racks' } }), 'drain', 'shop', 'sydney', '--reason', 'racks')).toMatchObject({
      exitCode: 0, asked: 'PUT /v1/pipelines/shop/drains/sydney', sent: { reason: 'racks' }, stdout: 'Drained, so rollouts leave them out:\n  sydney  racks\n',
    });
  });

  it('is taken back', async () => {
    expect(await ask(ok({ drained: {} }), 'undrain', 'shop', 'sydney')).toMatchObject({ asked: 'DELETE /v1/pipelines/shop/drains/sydney', stdout: 'No region is drained.\n' });
  });
});

describe('revoke', () => {
  it('sends the place and the reason, and says where the release is no longer verified', async () => {
    expect(await ask(ok({ places: ['staging/frankfurt'] }), 'revoke', 'shop', '1.1.0', '--environment', 'staging', '--reason', 'leaks')).toMatchObject({
      asked: 'POST /v1/pipelines/shop/releases/1.1.0/revoke', sent: { environment: 'staging', reason: 'leaks' },
      stdout: '1.1.0 is no longer verified in\n  staging/frankfurt\n',
    });
  });

  it('says so when there was nothing to take back', async () => {
    expect((await ask(ok({ places: [] }), 'revoke', 'shop', '1.1.0', '--reason', 'leaks')).stdout).toBe('1.1.0 was not verified there.\n');
  });
});

describe('missing', () => {
  const lacking: MissingVariable = {
    variable: 'DATABASE_URL', label: 'Database', help: 'Ask the platform team.', type: 'url', secret: true, environment: 'production', region: 'dublin',
  };

  it('says what to give, for each place', async () => {
    const { asked, stdout } = await ask(ok({ items: [lacking, { ...lacking, region: 'perth', tenant: 'acme' }] }), 'missing', 'shop', '--region', 'dublin');
    expect(asked).toBe('GET /v1/pipelines/shop/missing?region=dublin');
    expect(stdout).toBe('DATABASE_URL  Database\n  Ask the platform team.\n  type   url, given by reference\n  place  production/dublin, production/perth/acme\n');
  });

  it('says so when nothing is', async () => {
    expect((await ask(ok({ items: [] }), 'missing', 'shop')).stdout).toBe('Nothing is missing.\n');
  });
});

describe('tenants', () => {
  it('shows how far the latest release has come, and who is held back', async () => {
    const place = { environment: 'production', region: 'sydney', release: '1.1.0', isDone: true };
    const tenant = { name: 'acme', label: 'Acme Ltd', logo: null, heldBack: null, done: 1, total: 1, places: [place] };
    const items = [
      tenant,
      { ...tenant, name: 'globex', label: 'Globex', done: 1, total: 2, places: [place, { ...place, region: 'perth', release: '1.0.0', isDone: false }] },
      { ...tenant, name: 'initech', label: 'Initech', heldBack: 'they test until Friday', done: 0 },
    ];
    const { asked, stdout } = await ask(ok({ release: '1.1.0', items }), 'tenants', 'shop');
    expect(asked).toBe('GET /v1/pipelines/shop/tenants');
    expect(`\n${stdout}`).toMatchInlineSnapshot(`
      "
      Release 1.1.0
        ✓ acme     Acme Ltd  1 of 1
        ○ globex   Globex    1 of 2  still production/perth (1.0.0)
        ‖ initech  Initech   0 of 1  held back: they test until Friday
      "
    `);
  });
});

describe('schedule', () => {
  const schedule: Schedule = {
    name: 'nightly', pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * mon-fri', timezone: 'Europe/Berlin', rehearse: true, paused: false,
    reason: 'what staging has passed', by: 'ana', next: ['2026-11-23T01:00:00.000Z'], recent: [{ at, outcome: 'started shop-12' }],
  };

  it('sends what to ship, when, how far and why', async () => {
    const line = '--timezone Europe/Berlin --verified-in staging --to production --rehearse --paused --reason nightly';
    expect(await ask(ok(schedule), 'schedule', 'nightly', 'shop', '--cron', '0 2 * * mon-fri', ...line.split(' '))).toMatchObject({
      exitCode: 0,
      asked: 'PUT /v1/schedules/nightly',
      sent: {
        pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * mon-fri', timezone: 'Europe/Berlin', to: 'production', rehearse: true, paused: true,
        reason: 'nightly',
      },
    });
    expect((await ask(ok(schedule), 'schedule', 'nightly', 'shop', '--cron', '0 2 * * *', '--release', '1.1.0', '--reason', 'nightly')).sent)
      .toEqual({ pipeline: 'shop', release: { version: '1.1.0' }, cron: '0 2 * * *', reason: 'nightly' });
  });

  it('is refused when it ships nothing', async () => {
    expect(await ask(ok(schedule), 'schedule', 'nightly', 'shop', '--cron', '0 2 * * *', '--reason', 'nightly')).toMatchObject({ exitCode: 1, asked: undefined });
  });

  it('is listed with its next times and what came of the last, and removed', async () => {
    const { stdout } = await ask(ok({ items: [schedule, { ...schedule, name: 'weekly', paused: true }] }), 'schedules');
    expect(stdout).toContain('nightly  shop\n  ships  what is verified in staging, rehearsed, by ana: what staging has passed\n  at     0 2 * * mon-fri (Europe/Berlin)\n  next   ');
    expect(stdout).toMatch(/past {3}.*: started shop-12/);
    expect(stdout).toContain('paused: it starts nothing');
    expect(await ask(done, 'unschedule', 'nightly')).toMatchObject({ asked: 'DELETE /v1/schedules/nightly', stdout: 'nightly is removed.\n' });
  });
});

describe('--output json', () => {
  it.each<[string, Reply, unknown]>([
    ['freezes', ok({ items: [freeze] }), [freeze]],
    ['freeze stop --all --reason network', ok(held), held],
    ['unfreeze stop', ok({ freeze: null }), { freeze: null }],
    ['blocks', ok({ items: [] }), []],
    ['unblock cve', done, { name: 'cve' }],
    ['drain shop sydney --reason racks', ok({ drained: { sydney: 'racks' } }), { drained: { sydney: 'racks' } }],
    ['revoke shop 1.1.0 --reason leaks', ok({ places: [] }), { places: [] }],
    ['missing shop', ok({ items: [] }), []],
    ['tenants shop', ok({ release: null, items: [] }), { release: null, items: [] }],
    ['schedules', ok({ items: [] }), []],
    ['unschedule nightly', done, { name: 'nightly' }],
  ])('of %s is one JSON value', async (line, answer, expected) => {
    const { exitCode, stdout, stderr } = await ask(answer, ...line.split(' '), '--output', 'json');
    expect({ exitCode, stderr, value: JSON.parse(stdout) as unknown }).toEqual({ exitCode: 0, stderr: '', value: expected });
  });
});
