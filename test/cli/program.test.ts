import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOfFolder } from '../../src/adapters/folder-artifact.js';
import { nextSteps } from '../../src/cli/next-steps.js';
import { createProgram } from '../../src/cli/program.js';
import { decisionKinds } from '../../src/rollout/control/decision-kinds.js';
import { Plan } from '../../src/rollout/schema/plan.js';
import { ShipRequest } from '../../src/rollout/schema/ship.js';
import { rolloutStatuses } from '../../src/rollout/states/statuses.js';
import { freePorts } from '../support/free-ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ok, problem, startFakeApi } from './fake-api.js';
import { meridian } from './run-cli.js';
import { plan } from './sample-plans.js';
import { held, running, stuck, succeeded, waiting, withTenants } from './sample-rollouts.js';

const nobody = async () => ({ url: `http://127.0.0.1:${(await freePorts(1))[0]}` });

const body = ({ body: text }: { body: string }): unknown => JSON.parse(text);

describe('ship', () => {
  it('sends the version alone when the release is known', async () => {
    const api = await startFakeApi(() => ok(running));
    const { exitCode, stdout } = await meridian(api, 'ship', 'shop', '1.1.0', '--to', 'staging');
    expect(exitCode).toBe(0);
    expect(body(api.received[0]!)).toEqual({ pipeline: 'shop', release: { version: '1.1.0' }, to: 'staging' });
    expect(stdout).toContain('● shop-3  shop 1.1.0  running');
  });

  it('computes the digest of a folder, and names the folder absolutely', async () => {
    const folder = path.join(await temporaryFolder(), 'dist');
    await mkdir(folder);
    await writeFile(path.join(folder, 'server.js'), 'hello');
    const api = await startFakeApi(() => ok(running));
    const { exitCode } = await meridian(api, 'ship', 'shop', '1.1.0', '--artifact', path.relative(process.cwd(), folder), '--config', 'CURRENCY=EUR', '--config', 'BANNER=a=b');
    expect(exitCode).toBe(0);
    expect(body(api.received[0]!)).toEqual({
      pipeline: 'shop',
      release: { version: '1.1.0', artifact: { path: folder, digest: await digestOfFolder(folder) }, config: { CURRENCY: 'EUR', BANNER: 'a=b' } },
    });
  });

  it('says that a folder is not there, before it asks for anything', async () => {
    const api = await startFakeApi(() => ok(running));
    const { exitCode, stderr } = await meridian(api, 'ship', 'shop', '1.1.0', '--artifact', '/nowhere/dist');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/nowhere/dist does not exist');
    expect(api.received).toEqual([]);
  });

  it.each([[succeeded, 0], [{ ...held, status: 'rolled-back' }, 2], [held, 3], [waiting, 3], [{ ...held, status: 'aborted' }, 4]] as const)(
    'with --wait ends as the rollout does',
    async (end, expected) => {
      const api = await startFakeApi(({ method }) => ok(method === 'POST' ? running : end));
      const { exitCode, stdout } = await meridian(api, 'ship', 'shop', '1.1.0', '--wait');
      expect(exitCode).toBe(expected);
      expect(stdout).toContain(`shop-3 ${end.release}: ${end.status}. ${end.why}`);
    },
  );

  it('with --timeout stops waiting, and says so by its exit code', async () => {
    const api = await startFakeApi(() => ok(running));
    const { exitCode } = await meridian(api, 'ship', 'shop', '1.1.0', '--timeout', '50ms');
    expect(exitCode).toBe(5);
  });

  it.each([
    ['a setting without a key', ['--config', 'EUR'], 'KEY=VALUE'],
    ['a setting in lower case', ['--config', 'currency=EUR'], 'KEY=VALUE'],
    ['a time that is none', ['--timeout', 'soon'], '30s, 45m'],
    ['two artifacts', ['--artifact', 'dist', '--image', 'shop@sha256:0'], 'cannot be used with'],
  ])('refuses %s', async (_title, options, hint) => {
    const { exitCode, stderr } = await meridian(await nobody(), 'ship', 'shop', '1.1.0', ...options);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(hint);
  });
});

describe('how it is shipped', () => {
  it.each([
    ['--include qa --include demo', { include: ['qa', 'demo'] }],
    ['--at 2026-11-22T01:00:00+01:00', { startAt: '2026-11-22T01:00:00+01:00' }],
    ['--tonight', { startAt: 'tonight' }],
    ['--hotfix --reason urgent', { lane: 'hotfix', reason: 'urgent' }],
    ['--rehearse', { rehearse: true }],
    ['--override-from production --reason urgent', { override: { from: 'production', reason: 'urgent' }, reason: 'urgent' }],
    [`--plan ${plan.hash}`, { plan: plan.hash }],
  ])('%s is sent by ship, and by plan in the same words', async (line, expected) => {
    const api = await startFakeApi(({ url }) => ok(url === '/v1/plans' ? plan : running));
    expect((await meridian(api, 'ship', 'shop', '1.1.0', ...line.split(' '))).exitCode).toBe(0);
    expect((await meridian(api, 'plan', 'shop', '1.1.0', ...line.split(' '))).exitCode).toBe(0);
    expect(api.received.map(({ url }) => url)).toEqual(['/v1/rollouts', '/v1/plans']);
    for (const request of api.received) expect(ShipRequest.parse(body(request))).toMatchObject({ pipeline: 'shop', release: { version: '1.1.0' }, ...expected });
  });

  it.each(['--hotfix', '--override-from production'])('%s wants a reason, before anything is asked', async (line) => {
    const { exitCode, stderr } = await meridian(await nobody(), 'ship', 'shop', '1.1.0', ...line.split(' '));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('needs --reason');
  });

  it.each([['--at 2026-11-22T01:00:00', 'with its offset'], ['--at soon', 'with its offset'], ['--tonight --at 2026-11-22T01:00:00Z', 'cannot be used with']])(
    'refuses %s',
    async (line, hint) => {
      const { exitCode, stderr } = await meridian(await nobody(), 'ship', 'shop', '1.1.0', ...line.split(' '));
      expect(exitCode).toBe(64);
      expect(stderr).toContain(hint);
    },
  );
});

describe('plan', () => {
  it('shows the whole plan, and with --output json every value of it', async () => {
    const api = await startFakeApi(() => ok(plan));
    expect((await meridian(api, 'plan', 'shop', '1.1.0')).stdout).toContain(`--plan ${plan.hash}`);
    expect(JSON.parse((await meridian(api, 'plan', 'shop', '1.1.0', '--output', 'json')).stdout)).toEqual(plan);
  });
});

describe('decisions', () => {
  it.each(decisionKinds)('%s sends the reason, the gate and the region', async (kind) => {
    const api = await startFakeApi(() => ok(held));
    const { exitCode, stdout } = await meridian(api, kind, 'shop-3', '--reason', 'a good one', '--gate', 'go-no-go', '--region', 'sydney');
    expect(exitCode).toBe(0);
    expect(api.received[0]).toMatchObject({ method: 'POST', url: `/v1/rollouts/shop-3/${kind}` });
    expect(body(api.received[0]!)).toEqual({ reason: 'a good one', gate: 'go-no-go', region: 'sydney' });
    expect(stdout).toContain('! shop-3  shop 1.2.0  held');
  });

  it('approve names the plan that was looked at, any decision a tenant', async () => {
    const api = await startFakeApi(() => ok(held));
    await meridian(api, 'approve', 'shop-3', '--plan', plan.hash);
    await meridian(api, 'override', 'shop-3', '--reason', 'urgent', '--region', 'sydney', '--tenant', 'acme');
    expect(api.received.map(body)).toEqual([{ plan: plan.hash }, { reason: 'urgent', region: 'sydney', tenant: 'acme' }]);
    expect((await meridian(await nobody(), 'pause', 'shop-3', '--plan', plan.hash)).exitCode).toBe(64);
  });

  it('promote of a rollout that has ended shows the rollout that ships on', async () => {
    const api = await startFakeApi(() => ({ status: 202, body: { ...running, id: 'shop-4' } }));
    expect((await meridian(api, 'promote', 'shop-3')).stdout).toContain('● shop-4  shop 1.1.0  running');
  });

  it.each(['reject', 'abort', 'rollback', 'skip', 'override'])('%s wants a reason, before anything is asked', async (kind) => {
    expect(await meridian(await nobody(), kind, 'shop-3')).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("required option '--reason <text>'") as string });
  });

  it('are refused with what the API says', async () => {
    const api = await startFakeApi(() => problem(409, { title: 'The decision makes no sense now', detail: 'approve makes no sense now: the rollout is held.' }));
    const { exitCode, stdout, stderr } = await meridian(api, 'approve', 'shop-3');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe('The decision makes no sense now\n  approve makes no sense now: the rollout is held.\n');
  });

  it('that the tree tells a person to type can be typed', async () => {
    const program = createProgram(() => () => Promise.resolve(), process);
    const known = new Map(program.commands.map((command) => [command.name(), new Set(command.options.map((option) => option.long))]));
    const waitingFor = [...waiting.waitingFor, ...withTenants.waitingFor, { ...waiting.waitingFor[0]!, type: 'drained' as const, gate: 'sydney', region: 'sydney' }];
    const steps = rolloutStatuses.flatMap((status) => nextSteps({ ...stuck, waitingFor, status }, 'meridian'));
    expect(steps.length).toBeGreaterThan(10);
    for (const { command } of steps) {
      const [, name, , ...options] = command.split(' ');
      expect(options.filter((word) => word.startsWith('--')).every((flag) => known.get(name!)?.has(flag)), command).toBe(true);
    }
  });
});

describe('apply', () => {
  async function pipelineFile(): Promise<string> {
    const file = path.join(await temporaryFolder(), 'pipeline.yaml');
    await writeFile(file, 'name: shop\nregions:\n  sydney:\n    weight: -1\n');
    return file;
  }

  it('prints the revision and every warning', async () => {
    const api = await startFakeApi(() => ok({ name: 'shop', revision: 4, created: false, changed: true, warnings: ['the largest region is not last', 'more than a week'] }));
    const { exitCode, stdout } = await meridian(api, 'apply', '-f', await pipelineFile());
    expect(exitCode).toBe(0);
    expect(stdout).toBe('shop is now at revision 4\n! warning  the largest region is not last\n! warning  more than a week\n');
  });

  it('prints every error with its place in the file', async () => {
    const errors = [{ pointer: '/regions/sydney/weight', detail: 'needs at least 0; got -1' }, { pointer: '/owner', detail: 'missing; expected an object' }];
    const api = await startFakeApi(() => problem(422, { title: 'The request was read and is not right', errors }));
    const file = await pipelineFile();
    const { exitCode, stderr } = await meridian(api, 'apply', '-f', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`  ${file}:4:13 /regions/sydney/weight: needs at least 0; got -1\n  ${file}:1:1 /owner: missing; expected an object\n`);
  });
});

describe('status', () => {
  it('lists what is under way and what has finished', async () => {
    const api = await startFakeApi(() => ok({ items: [held, { ...succeeded, id: 'shop-2' }] }));
    const { stdout } = await meridian(api, 'status', '--pipeline', 'shop');
    expect(api.received[0]!.url).toBe('/v1/rollouts?pipeline=shop&limit=100');
    expect(stdout).toMatch(/! shop-3 .*\n {4}Held: [\s\S]*Finished\n✓ shop-2 /);
  });

  it('shows the plan that a rollout follows, without times that are over', async () => {
    const api = await startFakeApi(() => ok(Plan.parse(plan)));
    const { exitCode, stdout } = await meridian(api, 'status', 'shop-3', '--plan');
    expect({ exitCode, asked: api.received[0]!.url }).toEqual({ exitCode: 0, asked: '/v1/rollouts/shop-3/plan' });
    expect(stdout).toContain(`--plan ${plan.hash}`);
    expect(stdout).not.toMatch(/Expected|Approvals needed/);
    expect((await meridian(api, 'status', '--plan')).exitCode).toBe(1);
  });

  it('watches the newest rollout under way until it has ended', async () => {
    const states = [running, held, { ...held, status: 'rolled-back' }];
    const api = await startFakeApi(({ url }) => ok(url.includes('?') ? { items: [running, succeeded] } : (states.length > 1 ? states.shift() : states[0])));
    const { exitCode, stdout } = await meridian(api, 'status', '--watch');
    expect(exitCode).toBe(2);
    expect(stdout.split('\n').filter((line) => line.startsWith('shop-3 1.'))).toHaveLength(3);
  });
});

describe('--output json', () => {
  it.each([
    ['status', running, ['status', 'shop-3'], running],
    ['board', { items: [] }, ['board'], []],
    ['ship', running, ['ship', 'shop', '1.1.0'], running],
    ['open', running, ['open', 'shop-3', '--print'], { url: running.links.temporal }],
  ])('of %s is one JSON value and nothing else', async (_title, answer, argv, expected) => {
    const api = await startFakeApi(() => ok(answer));
    const { stdout, stderr } = await meridian(api, ...argv, '--output', 'json');
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(stderr).toBe('');
  });

  it('of a wait is the rollout at its end, and what happens goes to standard error', async () => {
    const api = await startFakeApi(({ method }) => ok(method === 'POST' ? running : held));
    const { exitCode, stdout, stderr } = await meridian(api, '--output', 'json', 'ship', 'shop', '1.2.0', '--wait');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toEqual(held);
    expect(stderr).toContain('shop-3 1.2.0: held.');
  });

  it('of a watch is a line for each change', async () => {
    const states = [running, running, held, succeeded];
    const api = await startFakeApi(() => ok(states.length > 1 ? states.shift() : states[0]));
    const { stdout } = await meridian(api, 'status', 'shop-3', '--watch', '--output', 'json');
    expect(stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([running, held, succeeded]);
  });

  it('of a refusal is nothing: the message goes to standard error', async () => {
    const api = await startFakeApi(() => problem(404, { title: 'There is no such rollout' }));
    expect(await meridian(api, 'status', 'shop-9', '--output', 'json')).toEqual({ exitCode: 1, stdout: '', stderr: 'There is no such rollout\n' });
  });
});

describe('the command line', () => {
  it('says what to do when no API is there', async () => {
    const api = await nobody();
    const { exitCode, stderr } = await meridian(api, 'board');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`Nothing listens at ${api.url}.\n  Start Meridian with \`npm start\`, or name its address with --api URL or MERIDIAN_API.\n`);
  });

  it('prefers --api and --user to the environment, before or after the command', async () => {
    const api = await startFakeApi(() => ok({ items: [] }));
    await meridian({ url: 'http://127.0.0.1:1' }, 'board', '--api', api.url, '--user', 'ben');
    await meridian({ url: 'http://127.0.0.1:1' }, '--api', api.url, '--user', 'ben', 'board');
    expect(api.received.map(({ headers }) => headers['meridian-user'])).toEqual(['ben', 'ben']);
  });

  it.each([[['shpi'], 'Did you mean ship'], [['ship', 'shop'], "missing required argument 'version'"], [['board', '--output', 'xml'], 'Allowed choices are text, json']])(
    'refuses %j with a hint',
    async (argv, hint) => {
      const { exitCode, stderr } = await meridian(await nobody(), ...argv);
      expect(exitCode).toBe(64);
      expect(stderr).toContain(hint);
    },
  );

  it('takes no token, so that none stands in a shell history', async () => {
    expect((await meridian(await nobody(), 'board', '--token', 'let-me-in')).exitCode).toBe(64);
  });

  it('explains every command with an example', () => {
    const outputs: string[] = [];
    const program = createProgram(() => () => Promise.resolve(), process);
    for (const command of program.commands) {
      command.configureOutput({ writeOut: (text) => void outputs.push(text) });
      command.outputHelp();
      expect(outputs.at(-1), command.name()).toMatch(/Examples?:\n {2}\$ \S/);
    }
    expect(outputs.length).toBeGreaterThan(12);
  });
});
