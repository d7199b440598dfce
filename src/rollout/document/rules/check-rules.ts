import type { Check } from '../../schema/check.js';
import { windowMark } from '../window-mark.js';
import { repeated, rule, type DocumentError } from './rule.js';

export const checkNamesAreUnique = rule(['checks'], ({ checks }) =>
  repeated(checks.map(({ name }) => name), (index) => `/checks/${index}/name`, 'check'));

/** A least above a most is never met. */
export const checkBoundsCanBeMet = rule(['checks'], ({ checks }) =>
  checks.flatMap((check, index) =>
    check.kind === 'value' && check.min !== undefined && check.max !== undefined && check.min > check.max
      ? [{ pointer: `/checks/${index}/min`, message: `min is ${check.min} and max is ${check.max}: ${check.name} could never pass` }]
      : []));

/** A check that nobody answers would be silent for ever. */
export const checksAreWatched = rule(['checks', 'metrics', 'lifecycle'], ({ checks, metrics, lifecycle }) => {
  if (checks.length === 0 || metrics !== undefined) return [];
  const blind = lifecycle.filter((phase) => phase.metrics === undefined).map(({ environment }) => environment);
  if (blind.length === 0) return [];
  const message = `missing: there are checks, and ${blind.join(', ')} has no source of metrics to ask. `
    + 'Give metrics: { type: prometheus, scrape or webhook, url }';
  return [{ pointer: '/metrics', message }];
});

/** What a source cannot ask would be an error at every look: a counter that somebody has already made a rate of, an expression for a scrape. */
export const queriesCanBeAsked = rule(['checks', 'metrics', 'lifecycle'], ({ checks, metrics, lifecycle }) => {
  const types = new Set(lifecycle.flatMap((phase) => (phase.metrics ?? metrics)?.type ?? []));
  return checks.flatMap((check, index) => queriesOf(check).flatMap(({ field, query, isCounter }): DocumentError[] => {
    const pointer = `/checks/${index}/${field}`;
    if (types.has('scrape') && !isSelector(query)) return [{ pointer, message: `${notASelector}, and metrics of type scrape know nothing else` }];
    if (!types.has('prometheus') || !isCounter || isSelector(query) || query.includes(windowMark)) return [];
    const sum = check.kind === 'histogram' ? 'sum by (le) ' : 'sum';
    return [{ pointer, message: `${notASelector}, and has no ${windowMark} where its range belongs: write ${sum}(increase(x[${windowMark}]))` }];
  }));
});

const notASelector = 'this is no series selector such as requests_total{status="500"}';

interface Query {
  field: string;
  query: string;
  /** Asked for what it has gained, not for what it is. */
  isCounter: boolean;
}

function queriesOf(check: Check): Query[] {
  switch (check.kind) {
    case 'ratio':
      return [{ field: 'bad', query: check.bad, isCounter: true }, { field: 'total', query: check.total, isCounter: true }];
    case 'histogram':
      return [{ field: 'buckets', query: check.buckets, isCounter: true }];
    case 'value':
      return [{ field: 'query', query: check.query, isCounter: false }];
  }
}

/** A template may stand for a name or a part of one; what it will hold is not known here. */
const isSelector = (query: string): boolean =>
  /^\s*[a-zA-Z_:][\w:]*\s*(\{[^{}]*\}\s*)?$/.test(query.replaceAll(/\{\{[^{}]*\}\}/g, 'x').replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/gs, '""'));
