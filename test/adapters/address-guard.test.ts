import { describe, expect, it } from 'vitest';
import { AddressRefused, addressGuard, type AddressRules } from '../../src/adapters/address-guard.js';

const rules = (allow: string[], addresses: string[] = []): AddressRules => ({
  allow,
  allowLoopback: false,
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

/** The addresses that a connection to `host` may use. */
const lookedUp = (host: string, given: AddressRules): Promise<unknown> => new Promise((resolve, reject) => {
  addressGuard(given).lookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
});

const accepts = (url: string, given: AddressRules): boolean => {
  try {
    addressGuard(given).checkUrl(new URL(url));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AddressRefused);
    return false;
  }
};

describe('addresses', () => {
  it.each([
    'http://127.0.0.1/', 'http://localhost/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.0.0.1/', 'http://0177.0.0.01/', 'http://127.0.0.1./',
    'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::127.0.0.1]/', 'http://[64:ff9b::7f00:1]/', 'http://[::]/', 'http://0.0.0.0/',
    'http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://10.0.0.1/', 'http://[fe80::1]/', 'http://①②⑦.⓪.⓪.①/',
  ])('are refused where only a public name is allowed: %s', async (url) => {
    expect(accepts(url, rules(['hooks.example.com']))).toBe(false);
  });

  it('that are not public are refused behind an allowed name too, in every dress of IPv6', async () => {
    const inside = ['169.254.169.254', '127.0.0.1', '10.1.2.3', '100.64.0.1', '0.0.0.0', '::1', '::', 'fd00::1', 'fe80::1'];
    const carried = ['::ffff:169.254.169.254', '::a9fe:a9fe', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1'];
    for (const address of [...inside, ...carried]) {
      await expect(lookedUp('hooks.example.com', rules(['hooks.example.com'], [address]))).rejects.toThrow(AddressRefused);
    }
  });

  it('that are private must be allowed themselves, and the refusal says how', async () => {
    await expect(lookedUp('hooks.internal', rules(['hooks.internal'], ['10.1.2.3']))).rejects.toThrow(
      'hooks.internal leads to 10.1.2.3, which is not a public address: put 10.1.2.3 itself into MERIDIAN_WEBHOOK_ALLOW if that is meant',
    );
    for (const range of ['10.1.2.3', '10.1.2.0/24']) {
      expect(await lookedUp('hooks.internal', rules([range], ['10.1.2.3']))).toEqual([{ address: '10.1.2.3', family: 4 }]);
      expect(accepts('http://10.1.2.3/', rules([range]))).toBe(true);
      expect(accepts('http://[::ffff:10.1.2.3]/', rules([range]))).toBe(true);
      expect(accepts('http://10.1.3.3/', rules([range]))).toBe(false);
    }
  });

  it('that a name also has are left out when no rule allows them', async () => {
    const mixed = rules(['hooks.example.com'], ['127.0.0.1', '93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c']);
    expect(await lookedUp('hooks.example.com', mixed)).toEqual([
      { address: '93.184.215.14', family: 4 }, { address: '2606:2800:21f:cb07:6820:80da:af6b:8b2c', family: 6 },
    ]);
  });

  it('of this machine are allowed where loopback is, and no others', () => {
    const embedded = { allow: [], allowLoopback: true };
    for (const url of ['http://127.0.0.1:4100/', 'http://localhost/', 'http://[::1]/', 'http://127.8.8.8/']) expect(accepts(url, embedded)).toBe(true);
    for (const url of ['http://0.0.0.0/', 'http://10.0.0.1/', 'http://93.184.215.14/']) expect(accepts(url, embedded)).toBe(false);
  });
});

describe('names', () => {
  it('are allowed exactly, or by what they end with', () => {
    expect(accepts('https://hooks.example.com/', rules(['hooks.example.com']))).toBe(true);
    expect(accepts('https://HOOKS.example.com./', rules(['hooks.EXAMPLE.com']))).toBe(true);
    expect(accepts('https://a.b.example.com/', rules(['*.example.com']))).toBe(true);
    for (const host of ['example.com', 'evilexample.com', 'hooks.example.com.evil.test', 'example.com.evil.test']) {
      expect(accepts(`https://${host}/`, rules(['*.example.com', 'hooks.example.com']))).toBe(false);
    }
  });

  it('that no rule names are refused before they are looked up', () => {
    const never = { ...rules(['hooks.example.com']), resolve: () => expect.fail('it was looked up') };
    expect(accepts('https://attacker.test/', never)).toBe(false);
  });

  it('that no rule names are allowed when their address is in an allowed range, and only then', async () => {
    expect(await lookedUp('any.test', rules(['10.0.0.0/8'], ['10.9.9.9']))).toHaveLength(1);
    await expect(lookedUp('any.test', rules(['10.0.0.0/8'], ['93.184.215.14']))).rejects.toThrow('any.test is not allowed');
  });
});

describe('URLs', () => {
  it('with a user, or another protocol, are refused', () => {
    for (const url of ['http://hooks.example.com@127.0.0.1/', 'http://user:pass@hooks.example.com/', 'ftp://hooks.example.com/', 'file:///etc/passwd']) {
      expect(accepts(url, rules(['hooks.example.com']))).toBe(false);
    }
  });
});

describe('rules', () => {
  it.each(['*', '*.', 'https://hooks.example.com', 'hooks.example.com:443', 'a.*.com', '10.1', '10.0.0.0/33', '0x7f.1', 'a b', ''])(
    'that are not understood are refused at the start: %j', (rule) => {
      expect(() => addressGuard(rules([rule]))).toThrow(/^MERIDIAN_WEBHOOK_ALLOW: /);
    });
});
