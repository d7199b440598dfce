import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Host names (`hooks.example.com`), their subdomains (`*.example.com`), addresses and ranges (`10.1.2.0/24`). */
  allow: string[];
  allowLoopback: boolean;
  /** How names become addresses; the system's resolver when absent. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
}

/** The rules say no: asking again changes nothing. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Decides which addresses may be connected to, whatever name led there. */
export interface AddressGuard {
  /** Throws `AddressRefused` for a URL that no rule can allow. Names are looked up when they are connected to, not here. */
  checkUrl(url: URL): void;
  /** For `net.connect`: gives only addresses that the rules allow, so that what was checked is what is connected to. */
  lookup: LookupFunction;
}

/**
 * An address is allowed by a range that holds it; loopback by `allowLoopback`; a public address by the name that led to it. A name alone
 * never opens a private address: whoever controls its DNS would choose which. Throws when a rule is not understood.
 */
export function addressGuard({ allow, allowLoopback, resolve = lookupAll }: AddressRules): AddressGuard {
  const rules = allow.map(parseRule);
  const isNamed = (host: string): boolean => rules.some((rule) => rule.kind === 'name' && rule.matches(host));
  const isInRange = (address: IpAddress): boolean => rules.some((rule) => rule.kind === 'range' && rule.contains(address));
  const anyRange = allowLoopback || rules.some((rule) => rule.kind === 'range');

  const permits = (host: string, text: string): boolean => {
    const address = ipaddr.process(text);
    if (isInRange(address)) return true;
    return address.range() === 'loopback' ? allowLoopback : isPublic(address) && isNamed(host);
  };

  const refusal = (host: string, address: string): AddressRefused => {
    if (ipaddr.isValid(host)) return new AddressRefused(`${address} is not allowed: MERIDIAN_WEBHOOK_ALLOW has no range that holds it`);
    if (!isNamed(host)) return new AddressRefused(`${host} is not allowed: MERIDIAN_WEBHOOK_ALLOW names neither it nor its address`);
    return new AddressRefused(`${host} leads to ${address}, which is not a public address: put ${address} itself into MERIDIAN_WEBHOOK_ALLOW if that is meant`);
  };

  const permitted = async (name: string): Promise<LookupAddress[]> => {
    const host = withoutTrailingDot(name);
    const addresses = await resolve(host);
    const usable = addresses.filter(({ address }) => permits(host, address));
    if (usable.length === 0) throw refusal(host, addresses[0]?.address ?? 'nowhere');
    return usable;
  };

  return {
    checkUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new AddressRefused(`${url.protocol} is not a protocol of webhooks: use https`);
      if (url.username !== '' || url.password !== '') throw new AddressRefused('the URL holds a user name or password: use a signing secret');
      const host = hostOf(url);
      if (ipaddr.isValid(host) ? !permits(host, host) : !isNamed(host) && !anyRange) throw refusal(host, host);
    },
    lookup(name, options, callback) {
      permitted(name).then(
        (addresses) => (options.all ? callback(null, addresses) : callback(null, addresses[0]!.address, addresses[0]!.family)),
        (error: unknown) => callback(error as NodeJS.ErrnoException, []),
      );
    },
  };
}

type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;
type Rule = { kind: 'name'; matches: (host: string) => boolean } | { kind: 'range'; contains: (address: IpAddress) => boolean };

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z]([a-z0-9-]*[a-z0-9])?$/;

function parseRule(text: string): Rule {
  const rule = text.toLowerCase();
  const range = parseRange(rule);
  if (range !== undefined) return { kind: 'range', contains: (address) => address.kind() === range[0].kind() && address.match(range) };
  if (rule.startsWith('*.') && hostName.test(rule.slice(2))) return { kind: 'name', matches: (host) => host.endsWith(rule.slice(1)) };
  if (hostName.test(rule)) return { kind: 'name', matches: (host) => host === rule };
  throw new Error(`MERIDIAN_WEBHOOK_ALLOW: ${JSON.stringify(text)} is not a host name, *.suffix, address or range such as 10.1.2.0/24`);
}

function parseRange(rule: string): [IpAddress, number] | undefined {
  const isWritten = (address: string): boolean => ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (isWritten(rule)) return [ipaddr.parse(rule), rule.includes(':') ? 128 : 32];
  return isWritten(rule.split('/')[0]!) && ipaddr.isValidCIDR(rule) ? ipaddr.parseCIDR(rule) : undefined;
}

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Routed on the internet. IPv6 beyond 2000::/3 is not: ::127.0.0.1 and 64:ff9b::127.0.0.1 carry an IPv4 address inside. */
const isPublic = (address: IpAddress): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(globalUnicast));

const withoutTrailingDot = (host: string): string => host.replace(/\.$/, '');

/** The URL parser has already turned decimal, octal and hexadecimal spellings into plain addresses. */
const hostOf = (url: URL): string => withoutTrailingDot(url.hostname.replace(/^\[(.*)\]$/, '$1'));

const lookupAll = (host: string): Promise<LookupAddress[]> => dns.promises.lookup(host, { all: true });
