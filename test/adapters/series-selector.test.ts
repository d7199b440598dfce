import { describe, expect, it } from 'vitest';
import { isSelector, parseSelector, SelectorError } from '../../src/adapters/series-selector.js';

const matches = (query: string, labels: Record<string, string> = {}, name = 'requests'): boolean =>
  parseSelector(query).matches({ name, labels, value: 1 });

describe('a selector', () => {
  it('selects by name alone', () => {
    expect(matches('requests', { status: '200' })).toBe(true);
    expect(matches(' requests { } ')).toBe(true);
    expect(matches('requests', {}, 'requests_total')).toBe(false);
  });

  it('selects by equal and unequal labels, a missing one being empty', () => {
    expect(matches('requests{status="200"}', { status: '200' })).toBe(true);
    expect(matches('requests{status="200"}', { status: '2000' })).toBe(false);
    expect(matches('requests{status!="200"}', { status: '500' })).toBe(true);
    expect(matches('requests{status!="200"}')).toBe(true);
    expect(matches('requests{status=""}')).toBe(true);
    expect(matches('requests{constructor=""}')).toBe(true);
  });

  it('selects by patterns that hold for the whole value', () => {
    expect(matches('requests{status=~"5.."}', { status: '503' })).toBe(true);
    expect(matches('requests{status=~"5.."}', { status: '1503' })).toBe(false);
    expect(matches('requests{status=~"4..|5.."}', { status: '404' })).toBe(true);
    expect(matches('requests{status=~"4|5.."}', { status: '404' })).toBe(false);
    expect(matches('requests{status!~"5.."}', { status: '200' })).toBe(true);
    expect(matches('requests{path=~"/a.b"}', { path: '/a\nb' })).toBe(true);
    expect(matches('requests{path=~"(?i)/CART"}', { path: '/cart' })).toBe(true);
  });

  it('needs every one of its labels', () => {
    const query = 'requests{status=~"5..",path!="/healthz",method="GET",}';
    expect(matches(query, { status: '500', path: '/', method: 'GET' })).toBe(true);
    expect(matches(query, { status: '500', path: '/healthz', method: 'GET' })).toBe(false);
    expect(matches(query, { status: '500', path: '/', method: 'POST' })).toBe(false);
  });

  it('reads the three kinds of quotes of PromQL, with braces and commas inside', () => {
    expect(matches('requests{path="a}b,c=\\"d\\"\\\\"}', { path: 'a}b,c="d"\\' })).toBe(true);
    expect(matches("requests{path='it\\'s'}", { path: "it's" })).toBe(true);
    expect(matches('requests{path=~`/v\\d+/.*`}', { path: '/v12/carts' })).toBe(true);
  });

  it.each([
    'rate(requests[5m])', 'requests[5m]', 'sum(requests)', 'a + b', '{status="200"}', '5', '', 'requests{status}', 'requests{status=200}',
    'requests{status="200"', 'requests{status="200" path="/"}', 'requests{status=="200"}', 'requests{status="\\d"}', 'requests{status=~"("}',
    'requests{status=~"(?=x)"}', 'requests offset 5m', `requests{status=~"${'x'.repeat(501)}"}`,
  ])('is not: %s', (query) => {
    expect(() => parseSelector(query)).toThrow(SelectorError);
    expect(isSelector(query)).toBe(false);
  });

  it('cannot be made to take long by its pattern', () => {
    // Each of these needs time exponential, or to the fifth power, in the length of the value where patterns backtrack: it would not end.
    const value = `${'a'.repeat(20_000)}!`;
    for (const pattern of ['(a+)+', '(a|a)*', '(.*a){20}', '.*.*.*.*.*b', '(a*)*$']) {
      expect(matches(`requests{path=~"${pattern}"}`, { path: value })).toBe(false);
    }
  });
});
