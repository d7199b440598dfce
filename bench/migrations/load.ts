import pg from 'pg';

/** Of the queries of one stretch of time. */
export interface Tally {
  queries: number;
  /** What PostgreSQL said, with the query. */
  failures: string[];
  /** Writes that their own client did not read again. */
  lost: string[];
  /** Of each query, from when it was sent until its answer (ms). */
  tookMs: number[];
}

const nothing = (): Tally => ({ queries: 0, failures: [], lost: [], tookMs: [] });

/** A release at work: how it writes a customer and how it reads one. */
interface Release {
  insert: string;
  update: string;
  read: string;
  values(words: [string, string]): string[];
  expected(words: [string, string]): string;
}

const releases = {
  old: {
    insert: 'insert into customers (name) values ($1) returning id',
    update: 'update customers set name = $2 where id = $1',
    read: 'select name as customer from customers where id = $1',
    values: ([given, family]) => [`${given} ${family}`],
    expected: (words) => words.join(' '),
  },
  new: {
    insert: 'insert into customers (given_name, family_name) values ($1, $2) returning id',
    update: 'update customers set given_name = $2, family_name = $3 where id = $1',
    read: "select given_name || ' ' || family_name as customer from customers where id = $1",
    values: (words) => words,
    expected: (words) => words.join(' '),
  },
} satisfies Record<string, Release>;

export type ReleaseName = keyof typeof releases;

/**
 * A client that asks `rate` times a second, whether the answers come or not, as the users of a service do. A third of what it asks are new customers, a third changes of its own
 * ones, each read again, and a third changes of anybody's first `rows` customers.
 */
export class Client {
  private readonly pool: pg.Pool;
  private readonly own: string[] = [];
  private readonly asked = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private tally = nothing();
  private turn = 0;

  constructor(url: string, private readonly release: ReleaseName, private readonly rows: number, private readonly rate: number) {
    this.pool = new pg.Pool({ connectionString: url, max: 12 });
    this.pool.on('error', () => undefined);
  }

  start(): void {
    const begunMs = performance.now();
    let sent = 0;
    // Three queries a turn, about: one that writes and one that reads, or only one that writes.
    this.timer = setInterval(() => {
      for (const due = ((performance.now() - begunMs) / 1_000) * (this.rate / (5 / 3)); sent < due; sent += 1) this.ask();
    }, 5);
  }

  /** Resolves when everything that was asked has been answered. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.asked);
    await this.pool.end();
  }

  /** What has been since the last call. */
  take(): Tally {
    const taken = this.tally;
    this.tally = nothing();
    return taken;
  }

  private ask(): void {
    const asked = this.one().catch(() => undefined).finally(() => this.asked.delete(asked));
    this.asked.add(asked);
  }

  private async one(): Promise<void> {
    const { insert, update, values } = releases[this.release];
    const turn = (this.turn += 1);
    const words: [string, string] = [`G${turn}`, `${this.release}${turn}`];
    if (turn % 3 === 0) {
      const { rows } = await this.query(insert, values(words));
      return this.readAgain(rows[0]!.id!, words);
    }
    const mine = turn % 3 === 1 ? this.own.shift() : undefined;
    await this.query(update, [mine ?? `${1 + ((turn * 7_919) % this.rows)}`, ...values(words)]);
    if (mine !== undefined) await this.readAgain(mine, words);
  }

  private async readAgain(id: string, words: [string, string]): Promise<void> {
    const { read, expected } = releases[this.release];
    const { rows } = await this.query(read, [id]);
    if (rows[0]?.customer !== expected(words)) this.tally.lost.push(`${this.release} wrote ${expected(words)} to ${id} and read ${rows[0]?.customer}`);
    this.own.push(id);
  }

  private async query(sql: string, values: string[]): Promise<pg.QueryResult<{ id?: string; customer?: string }>> {
    const client = await this.pool.connect();
    const sentMs = performance.now();
    try {
      return await client.query<{ id?: string; customer?: string }>(sql, values);
    } catch (error) {
      this.tally.failures.push(`${(error as Error).message}: ${sql}`);
      throw error;
    } finally {
      this.tally.queries += 1;
      this.tally.tookMs.push(performance.now() - sentMs);
      client.release();
    }
  }
}
