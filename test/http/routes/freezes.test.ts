import { describe, expect, it } from 'vitest';
import { FreezePage, Held, Lifted } from '../../../src/http/answers.js';
import { OutOfReach } from '../../../src/http/temporal/out-of-reach.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { Freeze } from '../../../src/rollout/schema/freeze.js';
import { freeze } from '../fake-workflows.js';
import { openApp } from '../open-app.js';

const anyId = expect.any(String) as string;

describe('a freeze', () => {
  it('is held in the name of who sends it: 201 the first time, 200 when it was there', async () => {
    const { http, workflows } = openApp();
    const request = { scope: { regions: ['sydney'] }, from: '2026-11-27T00:00:00+11:00', to: '2026-11-30T00:00:00+11:00', reason: 'Peak.', owner: 'payments' };
    const send = () => http.put('/v1/freezes/peak').set('Meridian-User', 'ana').send(request);
    expect(Held.parse((await send().expect(201)).body)).toEqual({ ...freeze, warnings: [] });
    expect(workflows.told('freeze')[0]).toEqual([{ name: 'peak', request, by: 'ana', fingerprint: anyId }, anyId]);
    workflows.answer('freeze', () => ({ freeze, created: false }));
    await send().expect(200);
  });

  it('of everything is one call', async () => {
    const { http, workflows } = openApp();
    await http.put('/v1/freezes/stop').send({ scope: 'all', reason: 'Something is very wrong.' }).expect(201);
    expect(workflows.told('freeze')[0]![0]).toMatchObject({ name: 'stop', request: { scope: 'all' } });
  });

  it('of names that nobody has is held, and says so: a typo would stop nothing', async () => {
    const { http } = openApp();
    const scope = { pipelines: ['shop', 'web'], environments: ['prodution'], regions: ['sydney', 'sidney'], tenants: ['acme'] };
    expect(Held.parse((await http.put('/v1/freezes/peak').send({ scope, reason: 'Peak.' }).expect(201)).body).warnings).toEqual([
      'Nobody knows a pipeline web yet.', 'Nobody knows an environment prodution yet. Did you mean production?',
      'Nobody knows a region sidney yet. Did you mean sydney?', 'Nobody knows a tenant acme yet.',
    ]);
  });

  it('is held also when nobody can say whether its names are known', async () => {
    const { http, workflows } = openApp();
    workflows.fail('pipelines', new OutOfReach('TemporalUnavailable', 'Temporal does not answer.'));
    const { warnings } = Held.parse((await http.put('/v1/freezes/peak').send({ scope: { pipelines: ['web'] }, reason: 'Peak.' }).expect(201)).body);
    expect(warnings).toEqual([expect.stringContaining('Temporal does not answer.')]);
  });

  it('with many mistakes is told all of them, each with its place, and nothing is frozen', async () => {
    const { http, workflows } = openApp();
    const answer = await http.put('/v1/freezes/peak').send({ scope: { region: ['sydney'] }, from: 'now', ower: 'x' });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'InvalidRequest' }]);
    const { errors } = answer.body as { errors: { pointer: string; detail: string }[] };
    expect(errors.map(({ pointer, detail }) => [pointer, /Did you mean \w+/.exec(detail)?.[0]])).toEqual([
      ['/scope/region', 'Did you mean regions'], ['/scope', undefined], ['/from', undefined], ['/reason', undefined], ['/ower', 'Did you mean owner'],
    ]);
    expect(workflows.calls).toEqual([]);
  });

  it('is lifted by its holder, and lasts while somebody else holds it', async () => {
    const { http, workflows } = openApp();
    workflows.answer('lift', () => ({ freeze }));
    expect(Lifted.parse((await http.delete('/v1/freezes/peak').set('Meridian-User', 'ben').expect(200)).body)).toEqual({ freeze });
    await http.delete('/v1/freezes/peak?owner=payments').set('Meridian-User', 'ben').expect(200);
    expect(workflows.told('lift').map(([message]) => message)).toMatchObject([{ name: 'peak', owner: 'ben', by: 'ben' }, { owner: 'payments', by: 'ben' }]);
  });

  it('that nobody holds is 404', async () => {
    const { http, workflows } = openApp();
    workflows.fail('lift', new MeridianFailure('FreezeNotFound', 'Nobody holds peak.'));
    for (const answer of [await http.get('/v1/freezes/peak'), await http.delete('/v1/freezes/peak')]) {
      expect([answer.status, answer.body]).toMatchObject([404, { code: 'FreezeNotFound' }]);
    }
  });
});

describe('freezes', () => {
  it('are read from the calendar alone, which takes no worker', async () => {
    const { http, workflows } = openApp();
    expect(Freeze.parse((await http.get('/v1/freezes/black-friday').expect(200)).body)).toEqual(freeze);
    expect(FreezePage.parse((await http.get('/v1/freezes').expect(200)).body)).toEqual({ items: [freeze] });
    expect(new Set(workflows.calls.map(({ name }) => name))).toEqual(new Set(['calendar']));
  });

  it('come page by page, by name, each once', async () => {
    const { http, workflows } = openApp();
    const names = ['d', 'a', 'c', 'e', 'b'];
    workflows.answer('calendar', () => ({ freezes: names.map((name) => ({ ...freeze, name })), blocks: [] }));
    const seen: string[][] = [];
    for (let cursor: string | undefined; ;) {
      const { items, next } = FreezePage.parse((await http.get(`/v1/freezes?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`).expect(200)).body);
      seen.push(items.map(({ name }) => name));
      if (next === undefined) break;
      cursor = next;
    }
    expect(seen).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });
});
