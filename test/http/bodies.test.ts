import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { shopText } from '../rollout/sample-document.js';
import { openApp } from './open-app.js';

const json = JSON.stringify(shopText);
const put = (body: string | Buffer, type = 'application/yaml') => openApp().http.put('/v1/pipelines/shop').set('Content-Type', type).serialize((bytes) => bytes as string).send(body);

describe('a body', () => {
  it.each([
    ['JSON that ends too early', 'application/json', '{"a":', 'Unexpected end of JSON input'],
    ['nothing at all', 'application/json', '', 'it is empty'],
    ['bytes that are not UTF-8', 'application/json', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'it is not UTF-8'],
    ['YAML bytes that are not UTF-8', 'application/yaml', Buffer.from([0x61, 0x3a, 0x20, 0xc3, 0x28]), 'it is not UTF-8'],
    ['JSON nested 10,000 deep', 'application/json', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'nested deeper than 32'],
    ['JSON with __proto__', 'application/json', '{"owner":{"__proto__":{"team":"x"}}}', 'the key __proto__ is not allowed'],
    ['JSON with constructor', 'application/json', '{"constructor":{"prototype":{}}}', 'the key constructor is not allowed'],
    ['YAML with __proto__', 'application/yaml', 'owner:\n  __proto__: {team: x}', 'the key __proto__ is not allowed'],
    ['YAML flow nested 10,000 deep', 'application/yaml', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'nested deeper than 64'],
    ['YAML flow that never ends', 'application/yaml', '{a: '.repeat(60_000), 'nested deeper than 64'],
    ['YAML dashes without end', 'application/yaml', '- '.repeat(100_000), 'nested deeper than 64'],
    ['YAML that nests where it is wrong', 'application/yaml', 'x"q": a: : \n '.repeat(5_000), 'nested deeper than 64'],
    ['YAML indented without end', 'application/yaml', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'nested deeper than 64'],
    ['a billion laughs', 'application/yaml', laughs(), 'alias'],
    ['an alias to itself', 'application/yaml', 'a: &a [*a]', 'nested deeper than 32'],
    ['an alias to nothing', 'application/yaml', 'a: *nobody', 'Unresolved alias'],
    ['more aliases than anybody needs', 'application/yaml', `a: &x 1\nb: [${'*x, '.repeat(200)}]`, 'more than 100 aliases'],
    ['a key that stands twice', 'application/yaml', 'a: 1\nb: 2\na: 3', 'the key "a" stands twice at line 3, column 1'],
    ['two documents', 'application/yaml', 'a: 1\n---\nb: 2', 'a second document at line 2'],
    ['a tag of another language', 'application/yaml', 'a: !!js/function "f"', 'Unresolved tag'],
    ['tabs as indentation', 'application/yaml', 'a:\n\tb: 1', 'Tabs are not allowed'],
    ['a key that is a list', 'application/yaml', '? [a]\n: b', 'all keys must be strings'],
    ['JSON with NUL in a text', 'application/json', '{"name":"a\\u0000b"}', 'control characters'],
    ['JSON with an escape sequence for terminals', 'application/json', '{"owner":{"team":"\\u001b[2J"}}', 'control characters'],
    ['JSON with half a character', 'application/json', '{"name":"\\ud800"}', 'control characters'],
    ['JSON with a control character in a key', 'application/json', '{"a\\u0007":1}', 'control characters'],
    ['a quote without its end', 'application/yaml', 'a: "b', 'Missing closing'],
  ])('of %s is 400, and says why', async (_, type, body, reason) => {
    const answer = await put(body, type);
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'MalformedRequest', detail: expect.stringContaining(reason) as string }]);
  });

  it.each([
    ['none', undefined], ['a form', 'application/x-www-form-urlencoded'], ['text', 'text/plain'], ['Latin-1', 'application/json; charset=latin1'],
  ])('with the content type %s is 415: no page of another site can send it', async (_, type) => {
    const request = openApp().http.put('/v1/pipelines/shop');
    const answer = await (type === undefined ? request : request.set('Content-Type', type).send(json));
    expect([answer.status, answer.body]).toMatchObject([415, { code: 'MediaTypeUnsupported' }]);
  });

  it('of YAML is taken for documents only', async () => {
    const answer = await openApp().http.post('/v1/rollouts/shop-1/pause').type('application/yaml').send('reason: x');
    expect([answer.status, answer.body]).toMatchObject([415, { detail: expect.stringContaining('application/json; got application/yaml') as string }]);
  });

  it('that is compressed is 415: a small one may hide a large one', async () => {
    const answer = await openApp().http.put('/v1/pipelines/shop').set('Content-Type', 'application/json').set('Content-Encoding', 'gzip').send(gzipSync(json));
    expect([answer.status, answer.body]).toMatchObject([415, { code: 'MediaTypeUnsupported' }]);
  });

  it('of up to 256 KB is read, and not a byte more', async () => {
    const padded = (bytes: number): string => `${json}${' '.repeat(bytes - Buffer.byteLength(json))}`;
    await put(padded(256 * 1024), 'application/json').expect(201);
    const answer = await put(padded(256 * 1024 + 1), 'application/json');
    expect([answer.status, answer.body]).toMatchObject([413, { code: 'BodyTooLarge' }]);
  });

  it('is not looked at before it is known who sends it', async () => {
    const { http } = openApp({ tokens: JSON.stringify([{ name: 'ana', roles: ['viewer'], sha256: '0'.repeat(64) }]) });
    const answer = await http.put('/v1/pipelines/shop').set('Content-Type', 'application/json').send('{"a":');
    expect(answer.status).toBe(401);
  });

  it('may be a JSON text sent as YAML', async () => {
    expect((await put(json)).status).toBe(201);
  });

  it.each([['null', 'null'], ['a list', '[]'], ['a number', '7'], ['a text', '"shop"']])('that is %s is 422, not a crash', async (_, body) => {
    const answer = await put(body, 'application/json');
    expect([answer.status, answer.body]).toMatchObject([422, { errors: expect.arrayContaining([expect.objectContaining({ pointer: '' })]) as object }]);
  });
});

/** Five lists, each of nine times the one before. */
function laughs(): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  return names.map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => (index === 0 ? 'ha' : `*${names[index - 1]}`)).join(', ')}]`).join('\n');
}
