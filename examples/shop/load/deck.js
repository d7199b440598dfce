import { randomFrom } from './random.js';

// What customers put into their carts: drawn from a deck that is shuffled once and then dealt over and over. So the shares are exact, in
// every run and in any hundred orders in a row, and nobody has to wonder whether a test was lucky.

/** So many there are in the database of each region from the start, numbered from 1: ../database.sql. */
export const customers = 50_000;

const size = 100;
const bulkSizes = [10, 12, 15, 24];
const skus = ['espresso', 'flat-white', 'filter', 'decaf', 'beans-250g', 'beans-1kg', 'mug', 'grinder'];

/** How many items each cart of a deck holds. `production`: 4 of 100 have more than nine. `smoke`: none has more than three. */
const sizesOf = {
  production: () => Array.from({ length: size }, (_, card) => bulkSizes[card] ?? (card % 9) + 1),
  smoke: () => Array.from({ length: size }, (_, card) => (card % 3) + 1),
};

export const profiles = Object.keys(sizesOf);

/** A deck of 100 carts, as the shop takes them; the same for the same profile and seed. */
export function deckOf(profile, seed) {
  const random = randomFrom(`${seed}/${profile}`);
  return shuffled(sizesOf[profile](), random).map((items) => cartOf(items, random));
}

function cartOf(items, random) {
  const upTo = (limit) => Math.floor(random() * limit);
  return {
    // Half of the orders come from guests.
    ...(random() < 0.5 && { customer: { id: 1 + upTo(customers) } }),
    items: Array.from({ length: items }, () => ({ sku: skus[upTo(skus.length)], quantity: 1 + upTo(3), price: 2.5 + upTo(4_000) / 100 })),
  };
}

/** Fisher and Yates' shuffle, on a copy. */
function shuffled(cards, random) {
  const deck = [...cards];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [deck[last], deck[other]] = [deck[other], deck[last]];
  }
  return deck;
}
