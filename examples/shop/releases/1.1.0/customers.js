import pg from 'pg';
import { joinName, splitName } from './names.js';

/** The customers of the region, in its database: { id, name, orders }. Works with the name in its two parts, and with these alone. */
export class Customers {
  #pool;

  constructor(url) {
    this.#pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
    // A connection that breaks while nobody uses it. Whoever asks next gets a new one, or is told.
    this.#pool.on('error', (error) => console.error(error));
  }

  /** Undefined when there is no such customer. */
  async find(id) {
    const { rows } = await this.#pool.query('select given_name, family_name, orders from customers where id = $1', [id]);
    return rows.length === 0 ? undefined : { id, name: joinName(rows[0].given_name, rows[0].family_name), orders: rows[0].orders };
  }

  /** Answers the number of the new customer. */
  async register(name) {
    const { rows } = await this.#pool.query('insert into customers (given_name, family_name) values ($1, $2) returning id::int', splitName(name));
    return rows[0].id;
  }

  /** False when there is no such customer. */
  async rename(id, name) {
    const { rowCount } = await this.#pool.query('update customers set given_name = $2, family_name = $3 where id = $1', [id, ...splitName(name)]);
    return rowCount > 0;
  }

  close() {
    return this.#pool.end();
  }
}
