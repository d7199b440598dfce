#!/usr/bin/env node
// The shop's customers: real HTTP requests, at the same pace whatever the regions do. Run it without arguments to see how it is used; its parts are in load/.
import { parseArguments, usage } from './load/arguments.js';
import { Customers } from './load/customers.js';
import { calm, Noise } from './load/noise.js';
import { Registrations } from './load/registrations.js';

const tickMs = 10;

function start({ targets, writes, noise, seed }) {
  const noiseAt = ({ name }) => (noise > 0 ? new Noise(noise, name, seed) : calm);
  const customers = new Map(targets.map((target) => [target.name, new Customers(target, seed, noiseAt(target), new Registrations(writes, `${seed}/${target.name}`))]));
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    for (const group of customers.values()) group.advance((now - last) / 1_000);
    last = now;
  }, tickMs);

  const stop = () => {
    clearInterval(timer);
    for (const group of customers.values()) group.close();
    const counts = Object.fromEntries([...customers].map(([name, group]) => [name, group.counts]));
    process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A pipe that closes means that who started this is gone. A terminal is left alone: in the background, reading it would stop the process.
  if (!process.stdin.isTTY) process.stdin.once('close', stop).resume();
  process.stdout.on('error', () => process.exit(0));
}

try {
  start(parseArguments(process.argv.slice(2)));
} catch (error) {
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
