import pg from 'pg';

/** A replica as the server sees one: it streams, and says how far it has replayed only when told to. */
export interface FakeReplica {
  /** Says that everything up to the end of the log that it was sent is written, flushed and replayed. */
  reply(): void;
  stop(): Promise<void>;
}

type Raw = pg.Client & { connection: pg.Connection & { sendCopyFromChunk(chunk: Buffer): void; _send?: unknown } };

/** Begins at the end of the log. */
export async function startReplica(url: string, at: string): Promise<FakeReplica> {
  const client = new pg.Client({ connectionString: url, application_name: 'replica', replication: 'true' } as pg.ClientConfig) as Raw;
  client.on('error', () => undefined);
  await client.connect();
  let end = 0n;
  client.connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    // XLogData: w, its start, the end of the server's log, a time; keep-alive: k, the end of the log. Protocol of streaming replication.
    end = String.fromCharCode(chunk[0]!) === 'w' ? chunk.readBigUInt64BE(1) + BigInt(chunk.length - 25) : chunk.readBigUInt64BE(1);
  });
  client.query(`START_REPLICATION PHYSICAL ${at}`).catch(() => undefined); // It is answered when the connection ends.
  return {
    reply() {
      const status = Buffer.alloc(34);
      status.write('r');
      for (const offset of [1, 9, 17]) status.writeBigUInt64BE(end, offset);
      client.connection.sendCopyFromChunk(status);
    },
    stop: () => client.end(),
  };
}
