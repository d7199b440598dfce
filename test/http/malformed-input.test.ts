import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkDocument } from '../../src/http/document.js';
import { Problem } from '../../src/http/problems.js';
import { parseYaml } from '../../src/http/yaml-body.js';
import { shopText } from '../rollout/sample-document.js';
import { openApp } from './open-app.js';

const writes = [
  'put /v1/pipelines/shop', 'post /v1/plans', 'post /v1/rollouts', 'post /v1/rollouts/shop-1/approve', 'post /v1/rollouts/shop-1/abort',
  'put /v1/freezes/x', 'put /v1/blocks/x', 'put /v1/schedules/x', 'put /v1/pipelines/shop/drains/sydney', 'post /v1/pipelines/shop/releases/1.1.0/revoke',
] as const;

describe('whatever is sent', () => {
  it('is answered with less than 500, and every refusal is a problem', async () => {
    const { http } = openApp();
    const anyBody = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom('null', '[]', '""', '1e999', '{"a":"\\u0000"}', '{"a":"\\ud800"}'));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...writes), anyBody, async (write, body) => {
      const [method, address] = write.split(' ') as ['put' | 'post', string];
      const answer = await http[method](address).set('Content-Type', 'application/json').serialize((text) => text as string).send(body);
      expect(answer.status).toBeLessThan(500);
      expect(answer.status < 400 || Problem.parse(answer.body).status === answer.status).toBe(true);
    }), { numRuns: 300 });
  });

  it('to any address is answered with less than 500', async () => {
    const { http } = openApp();
    await fc.assert(fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
      const answer = await http.get(`/v1${path}?${query}`);
      expect(answer.status).toBeLessThan(500);
    }), { numRuns: 200 });
  });

  it('as a document with one part replaced is read or refused, never a crash', () => {
    const keys = Object.keys(shopText) as (keyof typeof shopText)[];
    fc.assert(fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 5 }), (key, value) => {
      const checked = checkDocument({ ...shopText, [key]: value });
      expect(checked.ok || checked.errors.length > 0).toBe(true);
    }), { numRuns: 1_000 });
  });

  it('as YAML is read or refused with an Error, never a crash', () => {
    const signs = fc.constantFrom('- ', '? ', ': ', 'a: ', '[', ']', '{', '}', ',', '\n', '\n  ', '\n    ', '&a ', '*a', '!t ', '|\n', '>-\n', '"', "'", '#', '%', '---\n', '...\n', 'x', '\t', '<<: ', '\r\n', '\uFEFF');
    fc.assert(fc.property(fc.array(signs, { maxLength: 200 }), (parts) => {
      expect(() => readOrRefuse(parts.join(''))).not.toThrow();
    }), { numRuns: 2_000 });
  });
});

describe('an honest document', () => {
  it('is read as what was written, whatever is in it', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(20, 80, 1_000), (value, lineWidth) => {
      expect(parseYaml(stringify(value, { lineWidth, schema: 'core', aliasDuplicateObjects: false }))).toEqual(value);
    }), { numRuns: 1_000 });
  });

  it('may have a thousand regions, each with lists of its own', () => {
    const regions = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`region-${index}`, { weight: index, tags: [['a', { b: [index] }], []] }]));
    expect(parseYaml(stringify({ regions }))).toEqual({ regions });
  });
});

/** A refusal is an Error of the parser's own; a mistake of the code or a stack that ended goes on. */
function readOrRefuse(text: string): void {
  try {
    parseYaml(text);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError || error instanceof TypeError) throw error;
  }
}
