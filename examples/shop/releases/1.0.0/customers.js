import pg from 'pg';

/** The customers of the region, in its database: { id, name, orders }. */
export class Customers {
  #pool;

  constructor(url) {
    this.#pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
    // A connection that breaks while nobody uses it. Whoever asks next gets a new one, or is told.
    this.#pool.on('error', (error) => console.error(error));
  }

  /** Undefined when there is no such customer. */
  async find(id) {
    const { rows } = await this.#pool.query('select name, orders from customers where id = $1', [id]);
    return rows.length === 0 ? undefined : { id, ...rows[0] };
  }

  /** Answers the number of the new customer. */
  async register(name) {
    const { rows } = await this.#pool.query('insert into customers (name) values ($1) returning id::int', [name]);
    return rows[0].id;
  }

  /** False when there is no such customer. */
  async rename(id, name) {
    const { rowCount } = await this.#pool.query('update customers set name = $2 where id = $1', [id, name]);
    return rowCount > 0;
  }

  close() {
    return this.#pool.end();
  }
}
