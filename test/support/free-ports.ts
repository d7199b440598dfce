import { createServer, type AddressInfo, type Server } from 'node:net';

/** As many ports as asked for, which nobody listened on a moment ago. All are held until the last is found, so no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

/** The first of `count` ports in a row, as the regions of the shop need them. */
export async function freePortRange(count: number): Promise<number> {
  for (;;) {
    const first = await listen(0);
    const held: Server[] = [first];
    try {
      for (let next = 1; next < count; next += 1) held.push(await listen(portOf(first) + next));
      return portOf(first);
    } catch (error) {
      if (!['EADDRINUSE', 'ERR_SOCKET_BAD_PORT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
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
