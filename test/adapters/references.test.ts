import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveVariables } from '../../src/adapters/references.js';
import type { MeridianFailure } from '../../src/rollout/failure.js';
import type { ResolvedVariable, VariableSource } from '../../src/rollout/document/variables.js';

const sydney = { environment: 'production', region: 'sydney' };
const secret = (name: string, source: VariableSource): ResolvedVariable => ({ name, secret: true, source });

let folder: string;
const inFolder = (name: string): string => path.join(folder, name);
const write = async (name: string, content: string | Uint8Array): Promise<VariableSource> => {
  await writeFile(inFolder(name), content);
  return { from: { file: inFolder(name) } };
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'meridian-references-'));
});
afterAll(() => rm(folder, { recursive: true }));

const resolve = async (source: VariableSource, env: NodeJS.ProcessEnv = {}): Promise<string | undefined> =>
  (await resolveVariables([secret('X', source)], sydney, env)).variables.X;

const failure = (source: VariableSource, env: NodeJS.ProcessEnv = {}): Promise<MeridianFailure> =>
  resolve(source, env).then(() => expect.fail('it was resolved'), (error: unknown) => error as MeridianFailure);

describe('references', () => {
  it('resolve literals, environment variables and files, and keep in mind which are secret', async () => {
    const variables: ResolvedVariable[] = [
      { name: 'CURRENCY', secret: false, source: { value: 'AUD' } },
      secret('TOKEN', { from: { env: 'SYDNEY_TOKEN' } }),
      secret('KEY', await write('key', 'line 1\nline 2\n')),
    ];
    expect(await resolveVariables(variables, sydney, { SYDNEY_TOKEN: 't0ken' })).toEqual({
      variables: { CURRENCY: 'AUD', TOKEN: 't0ken', KEY: 'line 1\nline 2' },
      secretNames: ['TOKEN', 'KEY'],
    });
  });

  it('that are missing name the tenant, and no region where a whole environment is asked for', async () => {
    const missing = [secret('A', { from: { env: 'NO_SUCH' } })];
    await expect(resolveVariables(missing, { ...sydney, tenant: 'acme' }, {})).rejects.toThrow('a variable of production/sydney/acme.');
    await expect(resolveVariables(missing, { environment: 'production' }, {})).rejects.toThrow('a variable of production.');
  });

  it('cut one trailing newline and no more', async () => {
    expect(await resolve(await write('one', 'a\n'))).toBe('a');
    expect(await resolve(await write('windows', 'a\r\n'))).toBe('a');
    expect(await resolve(await write('two', 'a\n\n'))).toBe('a\n');
    expect(await resolve(await write('spaces', ' a '))).toBe(' a ');
  });

  it('that are missing are all named at once, with their place and their source', async () => {
    const variables = [secret('A', { from: { env: 'NO_SUCH' } }), secret('B', { from: { file: inFolder('absent') } }), secret('C', { value: 'c' })];
    await expect(resolveVariables(variables, sydney, {})).rejects.toMatchObject({
      code: 'VariableMissing',
      retryable: false,
      message: 'The worker cannot resolve 2 variables of production/sydney. A: the environment variable NO_SUCH is not set on the worker. '
        + `B: the file ${inFolder('absent')} does not exist on the worker.`,
    });
  });

  it('that are empty count as missing', async () => {
    expect((await failure({ from: { env: 'EMPTY' } }, { EMPTY: '' })).message).toContain('EMPTY is empty');
    expect((await failure(await write('empty', '\n'))).message).toContain('is empty');
  });

  it('take a file of 64 KB and none that is larger', async () => {
    expect(await resolve(await write('full', 'x'.repeat(65_536)))).toHaveLength(65_536);
    expect((await failure(await write('large', 'x'.repeat(65_537)))).message).toMatch(/large is larger than 64 KB/);
  });

  it('never wait for a pipe, read a folder or take bytes for text', async () => {
    execFileSync('mkfifo', [inFolder('pipe')]);
    expect((await failure({ from: { file: inFolder('pipe') } })).message).toContain('is not a regular file');
    expect((await failure({ from: { file: folder } })).message).toContain('is not a regular file');
    expect((await failure({ from: { file: '/dev/zero' } })).message).toContain('is not a regular file');
    expect((await failure(await write('latin1', new Uint8Array([0x66, 0xfc, 0x72])))).message).toContain('is not text in UTF-8');
    expect((await failure(await write('nul', 'geheim\0geheim'))).message).toContain('is not text');
  });

  it('never quote a value', async () => {
    const values = ['geheim\0geheim', `geheim${'x'.repeat(70_000)}`];
    for (const [index, value] of values.entries()) {
      expect((await failure(await write(`leak${index}`, value))).message).not.toContain('geheim');
    }
  });

  it('do not hand out what opens Meridian itself', async () => {
    const env = { MERIDIAN_TOKENS: 'geheim', TEMPORAL_API_KEY: 'geheim' };
    for (const name of Object.keys(env)) {
      const { message } = await failure({ from: { env: name } }, env);
      expect(message).toContain(`${name} is Meridian's own`);
      expect(message).not.toContain('geheim');
    }
  });
});
