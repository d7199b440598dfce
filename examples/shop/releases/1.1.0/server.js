// The shop: a small HTTP service that Meridian ships. One process is one region.
//   PORT, DATA_DIR         where it listens, and where it keeps what must survive
//   REGION, ENVIRONMENT    where it runs
//   CURRENCY               what its customers pay in
//   DATABASE_URL           where it knows its customers from; without it every customer is a guest
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { BadRequest } from './bad-request.js';
import { checkout } from './checkout.js';
import { Customers } from './customers.js';
import { Ledger } from './ledger.js';
import { exposition, observe } from './metrics.js';

const { PORT = '4100', DATA_DIR = './data', REGION = 'virginia', ENVIRONMENT = 'local', CURRENCY = 'USD', DATABASE_URL } = process.env;
const maxBodyBytes = 64 * 1024;
const patienceMs = 3_000;

// The release says what it is by itself, not what it was told: whoever deploys it can see whether the right one runs.
const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const identity = { release: version, region: REGION, environment: ENVIRONMENT };
const ledger = new Ledger(DATA_DIR);
const customers = DATABASE_URL ? new Customers(DATABASE_URL) : undefined;

const routes = {
  'GET /healthz': () => json(200, identity),
  'GET /': () => json(200, { ...identity, text: `The shop in ${REGION}`, currency: CURRENCY, orders: ledger.orders, revenue: ledger.revenue }),
  'POST /checkout': takeOrder,
  'POST /customers': saveCustomer,
  'GET /metrics': async () => {
    const { type, text } = await exposition();
    return { status: 200, type, body: text };
  },
};

async function takeOrder(request) {
  const cart = parseJson(await bodyOf(request));
  const receipt = checkout(cart, { region: REGION, currency: CURRENCY, customer: await findCustomer(cart?.customer?.id) });
  ledger.add(receipt.total);
  return json(200, receipt);
}

/** Undefined for a guest. */
async function findCustomer(id) {
  return Number.isSafeInteger(id) ? await customers?.find(id) : undefined;
}

/** { name } registers a customer, { id, name } gives one another name. */
async function saveCustomer(request) {
  if (customers === undefined) return json(404, { error: 'this shop has no database: it knows no customers' });
  const { id, name } = parseJson(await bodyOf(request)) ?? {};
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200) throw new BadRequest('a name has 1 to 200 characters');
  if (id === undefined) return json(201, { id: await customers.register(name.trim()), name: name.trim() });
  const isKnown = Number.isSafeInteger(id) && await customers.rename(id, name.trim());
  return isKnown ? json(200, { id, name: name.trim() }) : json(404, { error: `there is no customer ${id}` });
}

async function serve(request, response) {
  const startedAt = performance.now();
  const path = request.url.split('?')[0];
  const route = routes[`${request.method} ${path}`];
  const answer = route === undefined ? json(404, { error: `there is no ${request.method} ${path}` }) : await answerOf(route, request);
  // During a shutdown the caller is told to come back on a new connection.
  if (!server.listening) response.setHeader('connection', 'close');
  response.writeHead(answer.status, { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
  observe(route === undefined ? 'other' : path, String(answer.status), (performance.now() - startedAt) / 1_000);
}

async function answerOf(route, request) {
  try {
    return await route(request);
  } catch (error) {
    if (error instanceof BadRequest) return json(400, { error: error.message });
    if (request.errored) return json(499, { error: 'the caller hung up' }); // nobody reads it, and it is no fault of the shop
    console.error(error);
    return json(500, { error: 'the shop could not answer; it has been written down' });
  }
}

const json = (status, value) => ({ status, type: 'application/json', body: `${JSON.stringify(value)}\n` });

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest('what was sent is not JSON');
  }
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new BadRequest(`a request has at most ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers what has been asked, takes nothing new, and saves. */
function stop() {
  server.close(async () => {
    ledger.close();
    await customers?.close();
    process.exit(0);
  });
  setTimeout(() => server.closeAllConnections(), patienceMs).unref();
}

const server = http.createServer((request, response) => void serve(request, response));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
server.listen(Number(PORT), '127.0.0.1', () => console.log(`shop ${version} in ${REGION} listens on http://127.0.0.1:${PORT}`));
