import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import { variableProblems } from '../../src/rollout/variable-problems.js';
import { describeMissing, missingVariables, variablesFor } from '../../src/rollout/variables.js';

const shop = (variables: unknown[]): PipelineDocument =>
  PipelineDocument.parse({
    apiVersion: 'meridian/v1',
    kind: 'Pipeline',
    name: 'shop',
    owner: { team: 'payments', contact: '#payments-oncall' },
    regions: { sydney: { weight: 5 }, frankfurt: { weight: 30 }, virginia: { weight: 65 } },
    variables,
    target: { type: 'process', command: ['node', 'server.js'], port: '{{ PORT }}' },
    lifecycle: [{ environment: 'staging' }, { environment: 'production' }],
  });

const sydney = { environment: 'production', region: 'sydney' };

describe('variables of a place', () => {
  const scopes = [
    { value: 'default' },
    { value: 'environment', environment: 'production' },
    { value: 'region', region: 'sydney' },
    { value: 'both', environment: 'production', region: 'sydney' },
  ];

  it('takes region and environment over region over environment over default, in whatever order they are written', () => {
    fc.assert(fc.property(fc.shuffledSubarray(scopes, { minLength: 1 }), (values) => {
      const best = scopes.findLast((scope) => values.includes(scope))!;
      expect(variablesFor(shop([{ name: 'A', values }]), sydney)).toEqual([
        { name: 'A', secret: false, source: { value: best.value } },
      ]);
    }));
  });

  it('ignores values that are meant for another region or environment', () => {
    const document = shop([{ name: 'A', values: [
      { value: 'x', region: 'frankfurt' }, { value: 'y', environment: 'staging' }, { value: 'z', environment: 'staging', region: 'sydney' },
    ] }]);
    expect(variablesFor(document, sydney)).toEqual([]);
  });

  it('hands a reference on without resolving it, and says that the variable is secret', () => {
    const from = { env: 'SYDNEY_DATABASE_URL' };
    const document = shop([{ name: 'DATABASE_URL', secret: true, values: [{ from }] }]);
    expect(variablesFor(document, sydney)).toEqual([{ name: 'DATABASE_URL', secret: true, source: { from } }]);
  });

  it('writes numbers and booleans as text', () => {
    const document = shop([{ name: 'PORT', values: [{ value: 4100 }] }, { name: 'DEBUG', values: [{ value: false }] }]);
    expect(variablesFor(document, sydney).map((variable) => variable.source)).toEqual([{ value: '4100' }, { value: 'false' }]);
  });

  it('refuses to guess between two values of the same scope, naming the variable and the scope', () => {
    const document = shop([{ name: 'A', values: [{ value: '1', region: 'sydney' }, { value: '2', region: 'sydney' }] }]);
    expect(() => variablesFor(document, sydney)).toThrow(/^A has more than one value for region sydney/);
    expect(variablesFor(document, { ...sydney, region: 'virginia' })).toEqual([]);
  });

  it('does not mind a tie below a more specific value', () => {
    const document = shop([{ name: 'A', values: [{ value: '1' }, { value: '2' }, { value: '3', region: 'sydney' }] }]);
    expect(variablesFor(document, sydney)[0]?.source).toEqual({ value: '3' });
  });
});

describe('missing variables', () => {
  const document = shop([
    { name: 'CURRENCY', required: true, values: [{ value: 'AUD', region: 'sydney' }] },
    { name: 'DATABASE_URL', required: true, secret: true },
    { name: 'BANNER' },
  ]);
  const places = [sydney, { environment: 'production', region: 'frankfurt' }];

  it('names every missing variable in every place at once, and nothing that is optional', () => {
    expect(missingVariables(document, places)).toEqual([
      { variable: 'CURRENCY', environment: 'production', region: 'frankfurt' },
      { variable: 'DATABASE_URL', environment: 'production', region: 'sydney' },
      { variable: 'DATABASE_URL', environment: 'production', region: 'frankfurt' },
    ]);
  });

  it('says all of it in one message', () => {
    expect(describeMissing(missingVariables(document, places))).toBe(
      '3 required values are missing: CURRENCY in production/frankfurt; DATABASE_URL in production/sydney and production/frankfurt. '
      + "Give each a value under the pipeline's variables.",
    );
  });
});

describe('variables of a document', () => {
  it('are right when each scope has one value and each scope exists', () => {
    expect(variableProblems(shop([{ name: 'A', values: [{ value: 1 }, { value: 2, region: 'sydney' }] }]))).toEqual([]);
  });

  it('may not tie, be declared twice, or name a region or environment that does not exist', () => {
    const problems = variableProblems(shop([
      { name: 'A', values: [{ value: 1 }, { value: 2 }, { value: 3, region: 'sidney' }] },
      { name: 'A', values: [{ value: 4, environment: 'prod' }] },
    ]));
    expect(problems).toEqual([
      { path: 'variables[0].values', message: expect.stringContaining('A has more than one value for every place (the default)') },
      { path: 'variables[0].values[2].region', message: expect.stringContaining('the region sidney, which the pipeline does not have (sydney') },
      { path: 'variables[1].name', message: expect.stringContaining('A is declared more than once') },
      { path: 'variables[1].values[0].environment', message: expect.stringContaining('the environment prod, which the pipeline does not have (staging, production)') },
    ]);
  });
});
