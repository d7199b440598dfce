import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connected } from './region-database.js';

/** What a pooler lends a server connection for. */
export type PoolMode = 'transaction' | 'session';

interface Backend {
  stream: Socket;
  /** Whoever has it just now. */
  client: Socket | undefined;
}

/** A connection pooler as PgBouncer is one, as far as it matters: it makes up the key of a session, and gives the connection used last to whoever asks next. */
export async function startPooler(url: string, mode: PoolMode): Promise<{ url: string; stop(): Promise<void> }> {
  const idle: Backend[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    let backend: Backend | undefined;
    // One after the other: what comes while a server connection is sought waits for it.
    let turn = Promise.resolve();
    client.once('data', () => {
      client.write(greeting());
      client.on('data', (bytes) => {
        if (bytes.equals(terminate)) return;
        turn = handOn(turn, bytes);
      });
    });
    async function handOn(before: Promise<void>, bytes: Buffer): Promise<void> {
      await before;
      if (backend?.client !== client) backend = idle.pop() ?? (await openBackend());
      backend.client = client;
      backend.stream.write(bytes);
    }
    client.on('close', () => {
      if (backend?.client === client) backend.stream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pooled = new URL(url);
  pooled.port = `${(server.address() as AddressInfo).port}`;
  return {
    url: pooled.href,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function release(backend: Backend): void {
    backend.client = undefined;
    idle.push(backend);
  }

  /** Logged in by `pg`, then taken over. */
  async function openBackend(): Promise<Backend> {
    const stream = (await connected(url)).connection.stream as Socket;
    stream.removeAllListeners('data');
    sockets.add(stream);
    const backend: Backend = { stream, client: undefined };
    stream.on('data', (bytes: Buffer) => {
      backend.client?.write(bytes);
      // ReadyForQuery, outside a transaction, is the last message of an answer.
      if (mode === 'transaction' && bytes.subarray(-6).equals(ready)) release(backend);
    });
    return backend;
  }
}

const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A client takes its leave: its server connection stays. */
const terminate = Buffer.from([0x58, 0, 0, 0, 4]);

/** AuthenticationOk, BackendKeyData with a key that no server has, ReadyForQuery. */
const greeting = (): Buffer => Buffer.concat([Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]), Buffer.from([0x4b, 0, 0, 0, 12, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1]), ready]);
