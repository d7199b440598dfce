import { didYouMean } from '../nearest-name.js';
import { rule } from './rule.js';

/** A failover pair is another region of the same pipeline. */
export const pairsExist = rule(['regions'], ({ regions }) => {
  const names = Object.keys(regions);
  return Object.entries(regions).flatMap(([name, { pair }]) => {
    const pointer = `/regions/${name}/pair`;
    if (pair === name) return [{ pointer, message: `${name} cannot be its own failover pair` }];
    if (pair === undefined || names.includes(pair)) return [];
    return [{ pointer, message: `there is no region ${pair}; regions: ${names.join(', ')}.${didYouMean(pair, names)}` }];
  });
});
