import { regionsOfPhase } from '../phase-places.js';
import { rule, unknownName } from './rule.js';

/** A failover pair is another region of the same pipeline. */
export const pairsExist = rule(['regions'], ({ regions }) => {
  const names = Object.keys(regions);
  return Object.entries(regions).flatMap(([name, { pair }]) => {
    const pointer = `/regions/${name}/pair`;
    if (pair === name) return [{ pointer, message: `${name} cannot be its own failover pair` }];
    return pair === undefined || names.includes(pair) ? [] : [{ pointer, message: unknownName('region', pair, names) }];
  });
});

/** A region that every phase leaves out would never get a release, and nobody would be told. */
export const regionsAreShippedTo = rule(['regions', 'lifecycle'], ({ regions, lifecycle }) => {
  const shipped = new Set(lifecycle.flatMap((phase) => regionsOfPhase(phase, regions)));
  // A mistyped name is told by itself; the region that it means would only seem to be left out.
  if ([...shipped].some((name) => !Object.hasOwn(regions, name))) return [];
  return Object.keys(regions).filter((name) => !shipped.has(name)).map((name) => ({
    pointer: `/regions/${name}`,
    message: `no phase ships to ${name}: none of the waves names it. Put it into a wave, or take the region out`,
  }));
});
