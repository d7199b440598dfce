import { repeated, rule } from './rule.js';

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
    + 'Give metrics: { type: scrape or prometheus, url }';
  return [{ pointer: '/metrics', message }];
});
