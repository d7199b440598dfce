import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/http/document.js';
import { ShipRequest } from '../../src/rollout/schema/ship.js';
import { check } from '../../src/http/validation.js';
import { BlockRequest } from '../../src/rollout/schema/block.js';
import { FreezeRequest } from '../../src/rollout/schema/freeze.js';
import { ScheduleRequest } from '../../src/rollout/schema/schedule.js';
import { shopText } from '../rollout/sample-document.js';

const errorsOf = (changes: Record<string, unknown>): [string, string][] => {
  const checked = checkDocument({ ...shopText, ...changes });
  return checked.ok ? [] : checked.errors.map(({ pointer, detail }) => [pointer, detail]);
};

describe('a pipeline document', () => {
  it('that is right comes back with its defaults', () => {
    expect(checkDocument(shopText)).toMatchObject({ ok: true, value: { soak: { min: '30m', onNoData: 'hold' }, policy: { onRegression: 'hold' } } });
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['an unknown key', { regoins: {} }, '/regoins', 'unknown key; allowed: apiVersion, kind, name, owner, regions, tenants, residency, variables, target, database, metrics, checks, soak, lifecycle, policy. Did you mean regions?'],
    ['an unknown key inside', { regions: { sydney: { weight: 1, wieght: 2 } } }, '/regions/sydney/wieght', 'unknown key; allowed: weight, timezone, residency, role, pair, offPeak, label, logo. Did you mean weight?'],
    ['an unknown choice', { policy: { overlap: 'que' } }, '/policy/overlap', 'allowed: queue, supersede, reject; got "que". Did you mean queue?'],
    ['an unknown kind of target', { target: { type: 'webhok' } }, '/target/type', 'allowed: process, script, webhook; got "webhok". Did you mean webhook?'],
    ['no kind of target', { target: {} }, '/target/type', 'missing; allowed: process, script, webhook'],
    ['another version', { apiVersion: 'meridian/v2' }, '/apiVersion', 'allowed: meridian/v1; got "meridian/v2". Did you mean meridian/v1?'],
    ['nothing where something must be', { owner: { team: 'payments' } }, '/owner/contact', 'missing; expected a text'],
    ['a number where a text must be', { owner: { team: 1.1, contact: 'x' } }, '/owner/team', 'expected a text; got 1.1; write it in quotes'],
    ['a text where a number must be', { regions: { sydney: { weight: '5' } } }, '/regions/sydney/weight', 'expected a number; got "5"'],
    ['a name that is not one', { name: 'Shop' }, '/name', 'use lower-case letters, digits and dashes, beginning and ending with a letter or digit; got "Shop"'],
    ['a region with a name that is not one', { regions: { 'a/b~c': { weight: 1 } } }, '/regions/a~1b~0c', 'use lower-case letters, digits and dashes, beginning and ending with a letter or digit; got "a/b~c"'],
    ['a time that is not one', { soak: { min: '5 minutes' } }, '/soak/min', 'write a duration as 30s, 45m, 2h, 1d or ISO 8601 (PT1H30M); got "5 minutes"'],
    ['no wait where there must be one', { soak: { min: '0s' } }, '/soak/min', 'must be longer than nothing; got "0s"'],
    ['no lifecycle', { lifecycle: [] }, '/lifecycle', 'needs at least 1 item'],
    ['no way to write waves', { lifecycle: [{ environment: 'a', waves: 'al' }] }, '/lifecycle/0/waves', 'expected all or a list or an object; got "al". Did you mean all?'],
    ['an unknown order of waves', { lifecycle: [{ environment: 'a', waves: { order: 'rollin' } }] },
      '/lifecycle/0/waves/order', 'allowed: smallest-first, rolling; got "rollin". Did you mean rolling?'],
    ['a mistake in the way that was meant', { lifecycle: [{ environment: 'a', waves: { order: 'smallest-first', size: [1] } }] },
      '/lifecycle/0/waves/size', 'unknown key; allowed: order, sizes, maxFirstExposure. Did you mean sizes?'],
    ['a margin that is no effect', { metrics: { type: 'scrape', url: 'x' }, checks: [{ name: 'm', kind: 'value', query: 'q', margin: 1 }] }, '/checks/0/margin', 'must be more than 1; got 1'],
    ['a text that is too long to repeat', { soak: { min: 'x'.repeat(39) + '"' } }, '/soak/min', `write a duration as 30s, 45m, 2h, 1d or ISO 8601 (PT1H30M); got "${'x'.repeat(39)}\\""`],
  ])('with %s is told what was sent and what is allowed', (_, changes, pointer, detail) => {
    expect(errorsOf(changes)).toEqual([[pointer, detail]]);
  });

  it('is told the errors of its shape and those between its sections at once', () => {
    const errors = errorsOf({ owner: {}, soak: { min: '3h' }, lifecycle: [{ environment: 'staging', waves: [['sidney']] }], foo: 1 });
    expect(errors.map(([pointer]) => pointer)).toEqual(['/owner/team', '/owner/contact', '/foo', '/lifecycle/0/waves/0/0', '/soak/max']);
  });

  it('never hears its own secrets back', () => {
    const errors = errorsOf({
      variables: [{ name: 'KEY', secret: true, values: [{ value: 'hush-hush' }] }, { name: 'B', values: [{ value: ['hush-hush'] }, { from: { env: 'hush-hush' } }] }],
    });
    expect(errors.map(([pointer]) => pointer)).toEqual(['/variables/0/values', '/variables/1/values/0/value', '/variables/1/values/1/from/env']);
    expect(JSON.stringify(errors)).not.toContain('hush-hush');
  });

  it('with thousands of errors names the first hundred', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, 1]));
    expect(errorsOf(many)).toHaveLength(100);
  });
});

const errorsIn = (schema: Parameters<typeof check>[0], sent: Record<string, unknown>): [string, string][] => {
  const checked = check(schema, sent);
  return checked.ok ? [] : checked.errors.map(({ pointer, detail }) => [pointer, detail]);
};

describe('a request to ship', () => {
  it('does not repeat the configuration that it carries', () => {
    const checked = check(ShipRequest, { pipeline: 'shop', release: { version: '1', config: { TOKEN: 12_345 } } });
    expect(checked).toEqual({ ok: false, errors: [{ pointer: '/release/config/TOKEN', detail: 'expected a text; write it in quotes' }] });
  });

  it('is told what an artifact may be', () => {
    const checked = check(ShipRequest, { pipeline: 'shop', release: { version: '1', artifact: { path: 'x', digest: 'md5:1' } } });
    expect(checked).toEqual({ ok: false, errors: [{ pointer: '/release/artifact/digest', detail: 'a digest is sha256: and 64 hexadecimal digits; got "md5:1"' }] });
  });

  const ship = { pipeline: 'shop', release: { version: '1' } };

  it('has a lane and no rehearsal when it names none', () => {
    expect(check(ShipRequest, ship)).toEqual({ ok: true, value: { ...ship, lane: 'normal', rehearse: false } });
  });

  it.each([['tonigt'], ['2026-11-22'], ['2026-11-22T01:00:00'], [7]])('at %j is told how times are written', (startAt) => {
    const detail = 'write a time with its offset, such as 2026-11-22T01:00:00Z, or `tonight`: each region of the last phase in its own night';
    expect(errorsIn(ShipRequest, { ...ship, startAt })).toEqual([['/startAt', `${detail}; got ${JSON.stringify(startAt)}`]]);
  });

  it('with many mistakes is told all of them at once', () => {
    const errors = errorsIn(ShipRequest, {
      pipeline: 'Shop', release: {}, to: 'X', include: ['A'], override: { from: 'x' }, lane: 'hot', rehearse: 'yes', startAt: 'soon', reason: '', plan: 'zz', foo: 1,
    });
    expect(errors.map(([pointer]) => pointer)).toEqual([
      '/pipeline', '/release/version', '/to', '/include/0', '/override/reason', '/lane', '/rehearse', '/startAt', '/reason', '/plan', '/foo',
    ]);
  });
});

describe('a request for a freeze', () => {
  it.each<[string, unknown, string, string]>([
    ['no scope', undefined, '/scope', 'missing; expected all or an object'],
    ['a text that is not all', 'al', '/scope', 'expected all or an object; got "al". Did you mean all?'],
    ['a list', ['shop'], '/scope', 'expected all or an object, got a list'],
    ['an empty list', { pipelines: [] }, '/scope/pipelines', 'needs at least 1 item'],
    ['nothing named', {}, '/scope', 'name pipelines, environments, regions or tenants, or write all'],
  ])('with %s is told what a scope is', (_, scope, pointer, detail) => {
    expect(errorsIn(FreezeRequest, { scope, reason: 'x' })).toEqual([[pointer, detail]]);
  });

  it('that ends before it begins is refused, whatever offsets its times have', () => {
    const times = { from: '2026-11-22T01:00:00Z', to: '2026-11-22T01:30:00+01:00' };
    expect(errorsIn(FreezeRequest, { scope: 'all', reason: 'x', ...times })).toEqual([['/to', 'to is not after from']]);
  });
});

describe('a request for a block', () => {
  it('names a version or a digest', () => {
    expect(errorsIn(BlockRequest, { reason: 'x' })).toEqual([['', 'give a version, a digest or both']]);
  });
});

describe('a request for a schedule', () => {
  const nightly = { pipeline: 'shop', release: { verifiedIn: 'staging' }, cron: '0 2 * * *', reason: 'x' };

  it('is of UTC, not rehearsed and not paused when it does not say', () => {
    expect(check(ScheduleRequest, nightly)).toEqual({ ok: true, value: { ...nightly, timezone: 'UTC', rehearse: false, paused: false } });
  });

  it('is told which key was meant', () => {
    expect(errorsIn(ScheduleRequest, { ...nightly, release: { verifedIn: 'staging' } })).toContainEqual(
      ['/release/verifedIn', 'unknown key; allowed: verifiedIn. Did you mean verifiedIn?'],
    );
  });

  it('is told every field of its cron that is not right', () => {
    expect(errorsIn(ScheduleRequest, { ...nightly, cron: '61 2 * * mo' })).toEqual([
      ['/cron', 'minute: 61 is not *, or 0 to 59, or a range of them; day of the week: mo is not *, or 0 to 7 or sun to sat, or a range of them; got "61 2 * * mo"'],
    ]);
  });
});
