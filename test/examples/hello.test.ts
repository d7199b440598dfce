import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scriptTarget } from '../../src/adapters/script-target.js';
import { documentErrors } from '../../src/rollout/document/document-rules.js';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Release } from '../../src/rollout/schema/release.js';
import { ScriptTarget } from '../../src/rollout/schema/target.js';

const document = PipelineDocument.parse(parse(await readFile('examples/hello/pipeline.yaml', 'utf8')));
const never = new AbortController().signal;

it('is a pipeline that Meridian accepts', () => {
  expect(documentErrors(document)).toEqual([]);
});

describe('the region program', () => {
  const target = scriptTarget({ folder: 'examples/hello' })(ScriptTarget.parse(document.target));
  const place = { pipeline: 'hello', environment: `test-${process.pid}`, region: 'north', variables: {}, secretNames: [] };
  const step = { ...place, rollout: 'hello-1', key: 'hello-1/production/north/1/deploy/do' };
  const undo = { ...step, previous: null, overwrite: false };
  const [older, newer]: [Release, Release] = [{ version: '1.0.0' }, { version: '2.0.0' }];

  it('puts a release there, says so, and puts back what ran before, or nothing', async () => {
    expect(await target.current(place, never)).toBeNull();
    expect(await target.deploy({ ...step, release: older, previous: null }, never)).toEqual({ status: 'done' });
    expect(await target.deploy({ ...step, release: newer, previous: older }, never)).toEqual({ status: 'done' });
    expect(await target.verify({ ...step, release: newer, previous: older }, never)).toEqual({ status: 'done' });
    await expect(target.verify({ ...step, release: older, previous: null }, never)).rejects.toMatchObject({ code: 'VerifyFailed' });
    expect(await target.undo({ ...undo, from: newer, to: older }, never)).toEqual({ status: 'done' });
    expect(await target.current(place, never)).toEqual(older);
    expect(await target.undo({ ...undo, from: older, to: null }, never)).toEqual({ status: 'done' });
    expect(await target.current(place, never)).toBeNull();
  });

  it('keeps pipelines and tenants apart', async () => {
    await target.deploy({ ...step, tenant: 'acme', release: newer, previous: null }, never);
    expect(await target.current({ ...place, tenant: 'acme' }, never)).toEqual(newer);
    expect(await target.current({ ...place, tenant: 'globex' }, never)).toBeNull();
    expect(await target.current({ ...place, pipeline: 'other', tenant: 'acme' }, never)).toBeNull();
    await target.undo({ ...step, tenant: 'acme', from: newer, to: null, previous: null, overwrite: false }, never);
    expect(await target.current({ ...place, tenant: 'acme' }, never)).toBeNull();
  });
});
