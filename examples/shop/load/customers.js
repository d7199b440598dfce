import http from 'node:http';
import { deckOf } from './deck.js';

const timeoutMs = 5_000;
// A region that hangs must not fill this process with requests that wait.
const maxWaiting = 200;
// What a slow line takes for the second half of a cart: longer than the shop calls slow.
const slowLineMs = 400;

/** The customers of one region: they order at their own pace, whether the shop answers or not. */
export class Customers {
  #url;
  #bodies;
  #noise;
  #registrations;
  #agent = new http.Agent({ keepAlive: true, maxSockets: maxWaiting, timeout: timeoutMs });
  #waiting = 0;
  #next = 0;
  #due = 0;

  /** What came back: requests sent, answers by status, errors by code, requests not sent because too many still waited. */
  counts = { sent: 0, statuses: {}, errors: {}, skipped: 0 };

  /** target: { name, url, profile, rate }, `rate` in orders a second; noise: what noise.js says of its orders; registrations: what else they send. */
  constructor({ name, url, profile, rate }, seed, noise, registrations) {
    this.rate = rate;
    this.#noise = noise;
    this.#registrations = registrations;
    this.#url = url;
    this.#bodies = deckOf(profile, `${seed}/${name}`).map((cart) => JSON.stringify(cart));
  }

  /** Sends what has become due in the last `seconds`. What a stall of more than a second has held up is not caught up with. */
  advance(seconds) {
    this.#noise.advance(seconds);
    this.#due += this.rate * this.#noise.pace * Math.min(seconds, 1);
    for (; this.#due >= 1; this.#due -= 1) this.#order();
  }

  close() {
    this.#agent.destroy();
  }

  #order() {
    const cart = this.#bodies[this.#next];
    this.#next = (this.#next + 1) % this.#bodies.length;
    const kind = this.#noise.next();
    const half = Math.floor(cart.length / 2);
    this.#send('/checkout', kind === 'broken' ? cart.slice(0, half) : cart, kind === 'slow' ? half : undefined);
    const registration = this.#registrations.next();
    if (registration !== undefined) this.#send('/customers', JSON.stringify(registration));
  }

  /** What stands after the first `slowAfter` characters comes over a slow line; everything at once when that is undefined. */
  #send(path, body, slowAfter) {
    if (this.#waiting >= maxWaiting) {
      this.counts.skipped += 1;
      return;
    }
    this.#waiting += 1;
    this.counts.sent += 1;
    const request = http.request(new URL(path, this.#url), {
      method: 'POST', agent: this.#agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    request.on('response', (response) => {
      increase(this.counts.statuses, response.statusCode);
      response.resume();
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' })));
    request.on('error', (error) => increase(this.counts.errors, error.code ?? error.message));
    request.on('close', () => { this.#waiting -= 1; });
    if (slowAfter === undefined) return request.end(body);
    request.write(body.slice(0, slowAfter));
    setTimeout(() => request.end(body.slice(slowAfter)), slowLineMs);
  }
}

function increase(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1;
}
