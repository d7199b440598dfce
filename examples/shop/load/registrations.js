import { customers } from './deck.js';
import { randomFrom } from './random.js';

const given = ['Ada', 'Bo', 'Chloé', 'Dmitri', 'Emmy', 'Fatima', 'Gaspard', 'Hana'];
const family = ['Ito', 'van der Berg', "O'Neill", 'Müller', 'Nguyễn', 'de la Cruz', 'Smith-Jones', ''];

/** What customers tell the shop about themselves, beside their orders: half of them are new, the others have another name from now on. */
export class Registrations {
  #share;
  #random;

  constructor(share, seed) {
    this.#share = share;
    this.#random = randomFrom(`${seed}/registrations`);
  }

  /** What is sent beside the next order: { name }, or { id, name }; undefined for nothing. */
  next() {
    if (this.#random() >= this.#share) return undefined;
    const name = `${given[this.#upTo(given.length)]} ${family[this.#upTo(family.length)]}`.trim();
    return this.#random() < 0.5 ? { name } : { id: 1 + this.#upTo(customers), name };
  }

  #upTo(limit) {
    return Math.floor(this.#random() * limit);
  }
}
