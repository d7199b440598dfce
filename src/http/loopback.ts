import ipaddr from 'ipaddr.js';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problems.js';

/** Does this host name reach this machine only? */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  if (name.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(name) && ipaddr.process(name).range() === 'loopback';
}

/**
 * Without tokens the network is the only lock, and a page in the browser of this machine is inside of it: another site can let its own
 * name point to 127.0.0.1 (DNS rebinding). Such a request still carries that name.
 */
export const onlyLoopbackHosts: RequestHandler = (request, _response, next) => {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (isLoopback(host)) return next();
  const called = host.slice(0, 100) || 'nothing';
  throw new HttpProblem('HostRefused', `Without MERIDIAN_TOKENS Meridian is for this machine only: call it 127.0.0.1 or localhost, not ${called}.`);
};
