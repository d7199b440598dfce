import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** As many ports as asked for, which nobody listened on a moment ago. All are held until the last is found, so no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * The first of `count` free ports in a row. They lie below those that systems give to outgoing connections, so that a region finds its
 * port free when it is started again.
 */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(10_000, 30_000);
    const held: Server[] = [];
    try {
      for (let port = first; port < first + count; port += 1) held.push(await listen(port));
      return first;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    } finally {
      await Promise.all(held.map(close));
    }
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listen = (port: number): Promise<Server> => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => resolve(server));
});

const close = (server: Server): Promise<void> => new Promise((resolve) => { server.close(() => resolve()); });
