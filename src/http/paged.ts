import type { Page, Paging } from './temporal/workflows.js';

/** One page of a list that is at hand as a whole, by name; the cursor is the last name of the page before. */
export function paged<Item extends { name: string }>(all: readonly Item[], { limit, cursor }: Paging): Page<Item> {
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const left = cursor === undefined ? sorted : sorted.filter(({ name }) => name > cursor);
  const items = left.slice(0, limit);
  return { items, ...(left.length > limit && { next: items.at(-1)!.name }) };
}
