import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { fillIn, templateNames } from '../../../src/rollout/document/templates.js';

const sydney = { variables: { PORT: '4100', CURRENCY: 'AUD' }, region: 'sydney', environment: 'production', release: '1.1.0' };

describe('filling in', () => {
  it('replaces names in every string, however deep, and leaves the rest alone', () => {
    const settings = {
      type: 'process', command: ['node', 'server.js', '--currency={{CURRENCY}}'], port: '{{ PORT }}', weight: 5, pair: null,
      nested: { url: 'http://{{region.name}}.{{ environment }}:{{ PORT }}/{{ release.version }}' },
    };
    expect(fillIn(settings, sydney)).toEqual({
      type: 'process', command: ['node', 'server.js', '--currency=AUD'], port: '4100', weight: 5, pair: null,
      nested: { url: 'http://sydney.production:4100/1.1.0' },
    });
    expect(settings.port).toBe('{{ PORT }}');
  });

  it('leaves the single braces of PromQL as they are', () => {
    const query = 'sum by (le) (rate(http_requests_total{status=~"5..", path!~"/a{2,3}"}[5m])) > {}';
    expect(fillIn(query, sydney)).toBe(query);
    expect(fillIn('up{region="{{ region.name }}"}', sydney)).toBe('up{region="sydney"}');
  });

  it('gives back any text without double braces as it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }).filter((text) => !text.includes('{{')), (text) => {
      expect(fillIn(text, sydney)).toBe(text);
    }));
  });

  it('puts values in as they are: neither escaped for HTML nor read as templates again', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constant('{{ PORT }} & <b>"\'')), (value) => {
      expect(fillIn('a{{ X }}b', { ...sydney, variables: { X: value } })).toBe(`a${value}b`);
    }));
  });

  it('names the tenant where there is one, and refuses to guess where there is none', () => {
    expect(fillIn('{{ tenant.name }}-{{ PORT }}', { ...sydney, tenant: 'acme' })).toBe('acme-4100');
    expect(() => fillIn({ url: 'http://{{ tenant.name }}' }, sydney)).toThrow('url: {{ tenant.name }} has no value in production/sydney.');
    expect(() => fillIn('{{ X }}', { ...sydney, tenant: 'acme' })).toThrow('has no value in production/sydney/acme.');
  });

  it('has no region before a phase or a wave', () => {
    const { region: _none, ...phase } = sydney;
    expect(fillIn('{{ environment }}/{{ release.version }}', phase)).toBe('production/1.1.0');
    expect(() => fillIn('{{ region.name }}', phase)).toThrow('{{ region.name }} has no value in production.');
  });

  it('writes nothing for the release where none is meant to run', () => {
    expect(fillIn(['undo', '{{ release.version }}'], { ...sydney, release: null })).toEqual(['undo', '']);
  });

  it('refuses a name without a value, naming it, its place and the nearest name', () => {
    expect(() => fillIn({ deploy: ['sh', '--to={{ CURENCY }}'] }, sydney)).toThrow(
      'deploy[1]: {{ CURENCY }} has no value in production/sydney. Did you mean CURRENCY? '
      + "Declare it under the pipeline's variables and give it a value there.",
    );
    expect(() => fillIn('{{ constructor }}', sydney)).toThrow(MeridianFailure);
    expect(() => fillIn('{{ __proto__ }}', sydney)).toThrow(MeridianFailure);
  });

  it.each([
    ['{{#PORT}}x{{/PORT}}', /a section/],
    ['{{^PORT}}x{{/PORT}}', /an inverted section/],
    ['{{> PORT }}', /a partial/],
    ['{{{ PORT }}}', /an unescaped tag/],
    ['{{& PORT }}', /an unescaped tag/],
    ['{{! PORT }}', /a comment/],
    ['{{=<% %>=}}<% PORT %>', /a change of delimiters/],
    ['{{ }}', /an empty tag/],
    ['{{#PORT}}x', /does not parse \(Unclosed section/],
    ['{{ PORT }', /does not parse \(Unclosed tag/],
  ])('refuses %s', (template, message) => {
    expect(() => fillIn({ url: template }, sydney)).toThrow(message);
    expect(() => templateNames({ url: template })).toThrow(/^url: /);
  });
});

describe('the names of a template', () => {
  it('are all found, each with its place', () => {
    expect(templateNames({ url: '{{ A }}-{{ B }}', checks: [{ query: 'x{y="{{ region.name }}"}' }] })).toEqual([
      { name: 'A', path: 'url' }, { name: 'B', path: 'url' }, { name: 'region.name', path: 'checks[0].query' },
    ]);
  });
});
