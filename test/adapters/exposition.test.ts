import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ExpositionError, parseExposition, type Series } from '../../src/adapters/exposition.js';

const parse = (text: string): Series[] => [...parseExposition(text)];

describe('the text format of Prometheus', () => {
  it('is read as the documentation writes it', () => {
    // The example of https://prometheus.io/docs/instrumenting/exposition_formats/
    expect(parse(`# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
`)).toEqual([
      { name: 'http_requests_total', labels: { method: 'post', code: '200' }, value: 1027, timestampMs: 1395066363000 },
      { name: 'http_requests_total', labels: { method: 'post', code: '400' }, value: 3, timestampMs: 1395066363000 },
      { name: 'msdos_file_access_time_seconds', labels: { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' }, value: 1.458255915e9 },
      { name: 'metric_without_timestamp_and_labels', labels: {}, value: 12.47 },
      { name: 'something_weird', labels: { problem: 'division by zero' }, value: Number.POSITIVE_INFINITY, timestampMs: -3982045 },
      { name: 'http_request_duration_seconds_bucket', labels: { le: '0.05' }, value: 24054 },
      { name: 'http_request_duration_seconds_bucket', labels: { le: '+Inf' }, value: 144320 },
      { name: 'http_request_duration_seconds_sum', labels: {}, value: 53423 },
      { name: 'http_request_duration_seconds_count', labels: {}, value: 144320 },
    ]);
  });

  it('is read as prom-client writes it', async () => {
    const registry = new Registry();
    const requests = new Counter({ name: 'requests_total', help: 'Requests\nof "all" kinds', labelNames: ['path'], registers: [registry] });
    const seconds = new Histogram({ name: 'seconds', help: 'Time', buckets: [0.1, 1], registers: [registry] });
    requests.inc({ path: '/a"b\\c\nd}' }, 3);
    seconds.observe(0.5);
    expect(parse(await registry.metrics())).toEqual([
      { name: 'requests_total', labels: { path: '/a"b\\c\nd}' }, value: 3 },
      { name: 'seconds_bucket', labels: { le: '0.1' }, value: 0 },
      { name: 'seconds_bucket', labels: { le: '1' }, value: 1 },
      { name: 'seconds_bucket', labels: { le: '+Inf' }, value: 1 },
      { name: 'seconds_sum', labels: {}, value: 0.5 },
      { name: 'seconds_count', labels: {}, value: 1 },
    ]);
  });

  it('gives back whatever was written in it', () => {
    const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/);
    const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/), fc.string({ unit: 'grapheme' }), { maxKeys: 4, noNullPrototype: true });
    const series = fc.record({ name, labels, value: fc.double() }) satisfies fc.Arbitrary<Series>;
    fc.assert(fc.property(fc.array(series), (all) => {
      for (const look of ['first', 'second']) expect(parse(all.map(write).join('')), look).toEqual(all);
    }));
  });

  it('is read line by line: a bad line teaches nothing about the next', () => {
    expect(() => parse('requests 1 }\n')).toThrow(ExpositionError);
    expect(() => parse('requests 1 } 5\n')).toThrow(ExpositionError);
    expect(parse('requests{path="}"} 1\nrequests{path="} 2"} 3\n').map(({ labels, value }) => [labels.path, value])).toEqual([['}', 1], ['} 2', 3]]);
  });

  it('may be empty, indented, and without a metric', () => {
    expect(parse('')).toEqual([]);
    expect(parse('\n  \n# HELP x y\n#\n')).toEqual([]);
    expect(parse('\t a { x = "1" , y="2", } 1\r\n')).toEqual([{ name: 'a', labels: { x: '1', y: '2' }, value: 1 }]);
    expect(parse('a NaN\nb -Inf\nc Nan\n').map(({ value }) => value)).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it.each([
    ['HTML', '<!doctype html>\n<h1>Not found</h1>\n'],
    ['JSON', '{"status":"UP"}\n'],
    ['a line without a value', 'a\n'],
    ['a word for a value', 'a b\n'],
    ['a hexadecimal value', 'a 0x1f\n'],
    ['too many words', 'a 1 2 3\n'],
    ['a fractional timestamp', 'a 1 2.5\n'],
    ['an open brace', 'a{x="1" 3\n'],
    ['an open quote', 'a{x="1} 3\n'],
    ['labels without a comma', 'a{x="1"y="2"} 3\n'],
    ['the same label twice', 'a{x="1",x="2"} 3\n'],
    ['an exemplar of OpenMetrics', 'a{x="1"} 3 # {trace_id="x"} 0.5\n'],
    ['a value cut off', 'a 1\nb 12'],
  ])('does not contain %s', (_, text) => {
    expect(() => parse(text)).toThrow(ExpositionError);
  });

  it('names the line that it does not understand', () => {
    expect(() => parse('# HELP a\na 1\nb{ 2\n')).toThrow('line 3 is not of the Prometheus text format: a label should stand at " 2"');
  });

  it('is refused or read, and never anything else, whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '1', '\n', '#', 'é') }), (text) => {
      expect(outcome(`${text}\n`)).toMatch(/^(read|refused)$/);
    }), { numRuns: 2_000 });
  });
});

function outcome(text: string): string {
  try {
    parse(text);
    return 'read';
  } catch (error) {
    return error instanceof ExpositionError ? 'refused' : String(error);
  }
}

function write({ name, labels, value }: Series): string {
  const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`).join(',');
  const number = Number.isNaN(value) ? 'NaN' : value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : Object.is(value, -0) ? '-0' : String(value);
  return `${name}${pairs === '' ? '' : `{${pairs}}`} ${number}\n`;
}
