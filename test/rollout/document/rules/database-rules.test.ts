import { describe, expect, it } from 'vitest';
import { production, told, toldAt } from './told.js';

const postgres = (changes: object = {}) => ({ type: 'postgres', url: '{{ DATABASE_URL }}', ...changes });
const secrets = ['DATABASE_URL', 'PASSWORD'].map((name) => ({ name, secret: true, values: [{ from: { env: name } }] }));
const withUrl = (url: string, variables: object[] = []) => ({ database: postgres({ url }), variables: [...secrets, ...variables] });

describe('the address of a database', () => {
  it.each([
    '{{ DATABASE_URL }}', 'postgres://shop@db:5432/shop', 'postgresql://db/{{ region.name }}', 'postgres://shop:{{ PASSWORD }}@db/shop',
    'postgres:///shop?host=/run/postgresql', 'postgres://db/shop?user=shop&password={{ PASSWORD }}', 'postgres://db:5432/shop?user=shop@azure',
  ])('may be %s', (url) => {
    expect(told(withUrl(url))).toEqual([]);
  });

  it.each([
    'postgres://shop:hunter2@db:5432/shop', 'postgresql://shop:hunter2@db/shop?sslmode=require', 'postgres://db/shop?password=hunter2',
    'postgres://shop:x{{ PASSWORD }}@db/shop', 'postgres://{{ region.name }}:hunter2@db/shop', 'postgres://db/shop?user=a&sslpassword=hunter2',
  ])('holds no password that is written down: %s', (url) => {
    const [error] = told(withUrl(url));
    expect(error).toBe('/database/url: a password is written down here, where everybody can read it: put the whole address into a secret variable and write {{ DATABASE_URL }}');
  });

  it('holds none in a variable that is no secret either', () => {
    const shown = (literal: string) => [{ name: 'ADDRESS', values: [{ value: literal }] }];
    expect(told(withUrl('{{ ADDRESS }}', shown('postgres://shop@db/shop')))).toEqual([]);
    expect(told(withUrl('{{ ADDRESS }}', shown('postgres://shop:hunter2@db/shop')))).toEqual([
      '/database/url: the variable ADDRESS holds a password and is no secret; give it secret: true and its values by reference',
    ]);
    expect(toldAt(withUrl('postgres://shop:{{ ADDRESS }}@db/shop', shown('hunter2')))).toEqual(['/database/url']);
  });

  it('is one of PostgreSQL, in each phase that has its own', () => {
    expect(toldAt({ lifecycle: [{ ...production, database: postgres({ url: 'mysql://db/shop' }) }] })).toEqual(['/lifecycle/0/database/url']);
  });

  it('names variables of the pipeline', () => {
    expect(told({ database: postgres({ url: '{{ DATABASE_URI }}' }), variables: secrets })).toEqual([
      expect.stringContaining('/database/url: {{ DATABASE_URI }} is neither a variable of the pipeline nor built in'),
    ]);
    expect(toldAt({ database: postgres({ url: '{{# DATABASE_URL }}' }), variables: secrets })).toContain('/database/url');
    expect(toldAt({ database: postgres({ url: 'postgres://db/{{ tenant.name }}' }) })).toEqual(['/database/url']);
  });
});

describe('the lag of replicas', () => {
  const withLag = (lag: object, changes: object = {}) => ({ database: postgres({ lag: { max: 10, ...lag } }), variables: secrets, ...changes });
  const metrics = { type: 'prometheus', url: 'http://prometheus:9090' };

  it('is asked of metrics that are there', () => {
    expect(told(withLag({}))).toEqual([]);
    expect(told(withLag({ query: 'select 1' }))).toEqual([]);
    expect(told(withLag({ metric: 'lag' }, { metrics }))).toEqual([]);
    expect(told(withLag({ metric: 'lag' }, { lifecycle: [{ ...production, metrics }, { environment: 'live' }] }))).toEqual([
      '/database/lag/metric: live has no source of metrics to ask for the lag. Give metrics, or ask the database itself with lag.query',
    ]);
  });

  it('is asked with no secret: the question is shown to people', () => {
    expect(toldAt(withLag({ query: 'select {{ PASSWORD }}' }))).toEqual(['/database/lag/query']);
const { database } = withLag({ metric: 'lag{x="{{ PASSWORD }}"}' });
    expect(toldAt({ lifecycle: [{ ...production, database, metrics }], variables: secrets })).toEqual(['/lifecycle/0/database/lag/metric']);
  });
});

it('a statement may take at least as long as it may wait for its lock, and a phase as long as a statement', () => {
  const timed = (changes: object) => told({ database: postgres(changes), variables: secrets });
  expect(timed({ lockTimeout: '5s', statementTimeout: '5s', timeout: '5s' })).toEqual([]);
  expect(timed({ lockTimeout: '31s' })).toEqual(['/database/lockTimeout: lockTimeout is 31s and statementTimeout is 30s: a statement would be stopped before it got its lock']);
  expect(timed({ timeout: '10s' })).toEqual(['/database/statementTimeout: statementTimeout is 30s and timeout is 10s: a phase would be over before one of its statements']);
});
