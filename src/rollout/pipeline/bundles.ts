import type { Cell } from './board.js';
import type { Release } from '../schema/release.js';

/** Version → its bundle, of everything that an undo could put back somewhere. */
export type Bundles = Record<string, Release>;

/** The bundles with this one. What was shipped is known better than what was only found. */
export const keepBundle = (bundles: Bundles, release: Release, origin: 'shipped' | 'found'): Bundles =>
  origin === 'found' && Object.hasOwn(bundles, release.version) ? bundles : { ...bundles, [release.version]: release };

/** Those that a cell still needs. */
export function neededBundles(bundles: Bundles, cells: Cell[]): Bundles {
  const needed = new Set(cells.flatMap(({ good }) => good.map(({ version }) => version)));
  return Object.fromEntries(Object.entries(bundles).filter(([version]) => needed.has(version)));
}
