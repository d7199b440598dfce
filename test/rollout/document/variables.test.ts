import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipelineDocument, VariableValue } from '../../../src/rollout/schema/pipeline.js';
import { describeMissing, missingVariables, variablesFor } from '../../../src/rollout/document/variables.js';
import { shop as shopWith } from '../sample-document.js';

const shop = (variables: unknown[]): PipelineDocument => shopWith({ variables });

const sydney = { environment: 'production', region: 'sydney' };
const acme = { ...sydney, tenant: 'acme' };

describe('variables of a place', () => {
  /** Every scope that a value may have, the least specific first. */
  const scopes: VariableValue[] = [
    {},
    { environment: 'production' },
    { region: 'sydney' },
    { environment: 'production', region: 'sydney' },
    { tenant: 'acme' },
    { environment: 'production', tenant: 'acme' },
    { region: 'sydney', tenant: 'acme' },
    { environment: 'production', region: 'sydney', tenant: 'acme' },
  ].map((scope, index) => ({ value: index, ...scope }));

  it('takes tenant over region over environment over the value without any, in whatever order they are written', () => {
    fc.assert(fc.property(fc.shuffledSubarray(scopes, { minLength: 1 }), (values) => {
      const best = scopes.findLast((scope) => values.includes(scope))!;
      expect(variablesFor(shop([{ name: 'A', values, default: 'x' }]), acme)).toEqual([
        { name: 'A', secret: false, source: { value: String(scopes.indexOf(best)) } },
      ]);
    }));
  });

  it('takes the most specific of those that are meant for the place, and none of another, whatever is written', () => {
    const where = { region: fc.constantFrom('sydney', 'frankfurt'), tenant: fc.constantFrom('acme', 'globex') };
    const scope = fc.record({ environment: fc.constantFrom('staging', 'production'), ...where }, { requiredKeys: [] });
    const scopeKey = ({ environment = '', region = '', tenant = '' }): string => `${tenant}|${region}|${environment}`;
    const writtenDown = fc.uniqueArray(scope, { selector: scopeKey, maxLength: 20 }).map((list) => list.map((each) => ({ value: scopeKey(each), ...each })));
    const place = fc.record({ environment: fc.constantFrom('staging', 'production'), ...where }, { requiredKeys: ['environment'] });
    fc.assert(fc.property(writtenDown, place, (values, { environment, region = '', tenant = '' }) => {
      // Every scope that is meant for the place, the most specific first.
      const meant = [tenant, ''].flatMap((t) => [region, ''].flatMap((r) => [environment, ''].map((e) => `${t}|${r}|${e}`)));
      const best = meant.find((key) => values.some(({ value }) => value === key));
      expect(variablesFor(shop([{ name: 'A', values }]), { environment, region, tenant })[0]?.source).toEqual(best === undefined ? undefined : { value: best });
    }));
  });

  it('takes the default where no value is meant for the place, and nothing else', () => {
    const document = shop([{ name: 'A', default: 5, values: [{ value: 6, region: 'frankfurt' }] }]);
    expect(variablesFor(document, sydney)[0]?.source).toEqual({ value: '5' });
    expect(variablesFor(document, { ...sydney, region: 'frankfurt' })[0]?.source).toEqual({ value: '6' });
  });

  it('gives an environment as a whole what is not for one region or tenant', () => {
    const values = [{ value: 'all' }, { value: 'production', environment: 'production' }, { value: 'sydney', region: 'sydney' }, { value: 'acme', tenant: 'acme' }];
    const document = shop([{ name: 'A', values }, { name: 'B', values: values.slice(2) }]);
    expect(variablesFor(document, { environment: 'production' })).toEqual([{ name: 'A', secret: false, source: { value: 'production' } }]);
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
      { variable: 'CURRENCY', type: 'text', secret: false, environment: 'production', region: 'frankfurt' },
      { variable: 'DATABASE_URL', type: 'text', secret: true, environment: 'production', region: 'sydney' },
      { variable: 'DATABASE_URL', type: 'text', secret: true, environment: 'production', region: 'frankfurt' },
    ]);
  });

  it('says of each what a person needs to give it, and of which tenant it is', () => {
    const plan = { name: 'PLAN', label: 'What the tenant pays for', help: 'See the contract', type: 'choice', options: ['bronze', 'gold'], required: true };
    expect(missingVariables(shop([{ ...plan, values: [{ value: 'gold', tenant: 'globex' }] }]), [acme, { ...acme, tenant: 'globex' }])).toEqual([
      { variable: 'PLAN', label: plan.label, help: plan.help, type: 'choice', options: ['bronze', 'gold'], secret: false, ...acme },
    ]);
  });

  it('asks for nothing that has a default', () => {
    expect(missingVariables(shop([{ name: 'A', required: true, default: '' }]), places)).toEqual([]);
  });

  it('says all of it in one message', () => {
    expect(describeMissing(missingVariables(document, places))).toBe(
      '3 required values are missing: CURRENCY in production/frankfurt; DATABASE_URL in production/sydney and production/frankfurt. '
      + "Give each a value under the pipeline's variables.",
    );
    expect(describeMissing(missingVariables(document, [acme]))).toMatch(/^1 required value is missing: DATABASE_URL in production\/sydney\/acme\./);
  });
});
