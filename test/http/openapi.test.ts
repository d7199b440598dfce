import { Validator } from '@seriousme/openapi-schema-validator';
import type { Express } from 'express';
import { describe, expect, it } from 'vitest';
import { openApp } from './open-app.js';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, unknown> }>;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, unknown> };
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const describedBy = async (): Promise<OpenApi> => (await openApp().http.get('/openapi.json').expect(200)).body as OpenApi;

const operationsOf = ({ paths }: OpenApi): [string, Operation][] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]));

/** What express itself says that it serves. What takes every method is there to refuse those that are not served. */
const servedBy = (app: Express): string[] =>
  app.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = new Set(route.stack.flatMap((layer) => layer.method ?? []));
    return methods.size > 5 ? [] : [...methods].map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`);
  });

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await describedBy();
    expect(document.openapi).toMatch(/^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
  });

  it('lists exactly the routes that are served', async () => {
    const described = operationsOf(await describedBy()).map(([name]) => name);
    const pages = ['get /openapi.json', 'get /'];
    expect(servedBy(openApp().app).filter((route) => !pages.includes(route)).toSorted()).toEqual(described.toSorted());
    expect(described).toHaveLength(42);
  });

  it('gives each operation a name of its own', async () => {
    const names = operationsOf(await describedBy()).map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of every write that it takes an Idempotency-Key, and of every error that it is a problem', async () => {
    for (const [name, { parameters = [], responses }] of operationsOf(await describedBy())) {
      expect([name, parameters.some((parameter) => parameter.name === 'Idempotency-Key')]).toEqual([name, !name.startsWith('get ')]);
      const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400 && !(name === 'get /readyz' && status === '503'));
      for (const [status, { content }] of errors) expect([name, status, Object.keys(content ?? {})]).toEqual([name, status, ['application/problem+json']]);
    }
  });

  it('says which bodies may be YAML', async () => {
    const document = await describedBy();
    const yaml = operationsOf(document).filter(([, { requestBody }]) => requestBody && 'application/yaml' in requestBody.content);
    expect(yaml.map(([name]) => name)).toEqual(['put /v1/pipelines/{name}']);
  });
});

describe('the docs page', () => {
  it('is where the root leads', async () => {
    const answer = await openApp().http.get('/');
    expect([answer.status, answer.get('location')]).toEqual([302, '/docs']);
  });

  it('loads and runs its own files only', async () => {
    const { http } = openApp();
    const page = await http.get('/docs').expect(200).expect('content-type', /html/);
    const policy = page.get('content-security-policy') ?? '';
    expect(policy).toBe("default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self'");
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(addresses).toContain('/docs/swagger-ui-bundle.js');
    for (const address of addresses) await http.get(address).expect(200);
    expect(page.text).not.toMatch(/<script>| style=| on\w+=/);
  });

  it('is the only page: answers of the API load nothing at all', async () => {
    const answer = await openApp().http.get('/v1/pipelines');
    expect(answer.get('content-security-policy')).toBe("default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'");
    expect([answer.get('x-content-type-options'), answer.get('cache-control'), answer.get('x-powered-by')]).toEqual(['nosniff', 'no-store', undefined]);
  });
});
