import { describe, expect, it } from 'vitest';
import { BlockPage } from '../../../src/http/answers.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { Block } from '../../../src/rollout/schema/block.js';
import { block } from '../fake-workflows.js';
import { openApp } from '../open-app.js';

const anyId = expect.any(String) as string;

describe('a block', () => {
  it('is set in the name of who sends it: 201 the first time, 200 when it was there', async () => {
    const { http, workflows } = openApp();
    const request = { version: '1.0.9', digest: `sha256:${'a'.repeat(64)}`, pipelines: ['shop'], reason: 'It leaks.' };
    const send = () => http.put('/v1/blocks/cve-1').set('Meridian-User', 'ana').send(request);
    expect(Block.parse((await send().expect(201)).body)).toEqual(block);
    expect(workflows.told('block')[0]).toEqual([{ name: 'cve-1', request, by: 'ana', fingerprint: anyId }, anyId]);
    workflows.answer('block', () => ({ block, created: false }));
    await send().expect(200);
  });

  it.each([
    [{ reason: 'x' }, [['', 'give a version, a digest or both']]],
    [{ digest: 'md5:1', pipelines: ['Shop'] }, [
      ['/digest', 'a digest is sha256: and 64 hexadecimal digits; got "md5:1"'],
      ['/pipelines/0', 'use lower-case letters, digits and dashes, beginning and ending with a letter or digit; got "Shop"'],
      ['/reason', 'missing; expected a text'],
    ]],
  ])('of %j is refused with everything that is wrong, and nothing is blocked', async (body, errors) => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/blocks/cve-1').send(body);
    expect([answer.status, answer.body]).toMatchObject([422, { errors: errors.map(([pointer, detail]) => ({ in: 'body', pointer, detail })) }]);
    expect(workflows.calls).toEqual([]);
  });

  it('is lifted with 204 and no body', async () => {
    const { http, workflows } = openApp();
    const answer = await http.delete('/v1/blocks/cve-1').set('Meridian-User', 'ana');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(workflows.told('unblock')[0]).toEqual([{ name: 'cve-1', by: 'ana', fingerprint: anyId }, anyId]);
  });

  it('that is not there is 404', async () => {
    const { http, workflows } = openApp();
    workflows.fail('unblock', new MeridianFailure('BlockNotFound', 'There is no block nope.'));
    for (const answer of [await http.get('/v1/blocks/nope'), await http.delete('/v1/blocks/nope')]) {
      expect([answer.status, answer.body]).toMatchObject([404, { code: 'BlockNotFound' }]);
    }
  });
});

describe('blocks', () => {
  it('are read from the calendar alone, which takes no worker', async () => {
    const { http, workflows } = openApp();
    expect(Block.parse((await http.get('/v1/blocks/cve-1').expect(200)).body)).toEqual(block);
    expect(BlockPage.parse((await http.get('/v1/blocks').expect(200)).body)).toEqual({ items: [block] });
    expect(new Set(workflows.calls.map(({ name }) => name))).toEqual(new Set(['calendar']));
  });
});
