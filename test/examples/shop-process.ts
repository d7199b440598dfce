import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePorts } from '../support/free-ports.js';
import { waitFor } from '../support/wait-for.js';

export const shopFolder = fileURLToPath(new URL('../../examples/shop/', import.meta.url));
export const versions = ['1.0.0', '1.1.0', '1.2.0'] as const;
export type Version = (typeof versions)[number];

export interface Cart {
  items: { sku: string; quantity: number; price: number }[];
  customer?: { id: number };
}

/** So many items, at 10.00 each. */
export const cartOf = (items: number, more: Partial<Cart> = {}): Cart => ({
  items: Array.from({ length: items }, (_, index) => ({ sku: `sku-${index}`, quantity: 1, price: 10 })), ...more,
});

export interface ShopSettings {
  version: Version;
  region: string;
  dataFolder: string;
  currency?: string;
  port?: number;
  /** Without one every customer is a guest. */
  databaseUrl?: string;
}

/** One region of the shop, started by hand as its README says. It is gone when the test is over. */
export class ShopProcess {
  readonly url: string;
  private readonly child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.child = child;
  }

  static async start({ version, region, dataFolder, currency = 'USD', port, databaseUrl }: ShopSettings): Promise<ShopProcess> {
    const [free] = await freePorts(1);
    const url = `http://127.0.0.1:${port ?? free}`;
    const child = spawn(process.execPath, ['server.js'], {
      cwd: `${shopFolder}releases/${version}`,
      env: {
        PATH: process.env.PATH, PORT: String(port ?? free), REGION: region, ENVIRONMENT: 'test', CURRENCY: currency, DATA_DIR: dataFolder,
        ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      },
      stdio: 'ignore',
    });
    const shop = new ShopProcess(url, child);
    onTestFinished(async () => { await shop.stop('SIGKILL'); });
    await waitFor('the shop answers', async () => (await fetch(`${url}/healthz`)).ok);
    return shop;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      await ended;
    }
    return this.child.exitCode;
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return (await fetch(`${this.url}${path}`)).json() as Promise<Record<string, unknown>>;
  }

  async checkout(cart: unknown): Promise<{ status: number; receipt: Record<string, unknown> }> {
    const { status, answer } = await this.post('/checkout', cart);
    return { status, receipt: answer };
  }

  /** Sends text as it is, and anything else as JSON. */
  async post(path: string, sent: unknown): Promise<{ status: number; answer: Record<string, unknown> }> {
    const body = typeof sent === 'string' ? sent : JSON.stringify(sent);
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body });
    return { status: response.status, answer: await response.json() as Record<string, unknown> };
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.url}/metrics`)).text();
  }
}
