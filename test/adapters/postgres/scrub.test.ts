import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubber } from '../../../src/adapters/postgres/scrub.js';

/** A name that is a word of its own in a text. */
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}[A-Za-z0-9]$/).filter((text) => !/^(meridian|postgres|url|user|host|of|the)$/i.test(text));
const password = fc.string({ minLength: 4, maxLength: 30 }).filter((text) => text.trim() === text && !/^[*\s]*$/.test(text));

describe('what anybody says of a database', () => {
  it('holds no part of its URL afterwards, in whatever spelling', () => {
    fc.assert(fc.property(word, password, word, (user, secret, host) => {
      const url = `postgres://${user}:${encodeURIComponent(secret)}@${host.toLowerCase()}.example:5433/shop`;
      const { foreign } = scrubber(url);
      const said = foreign(`<${url}> <${user}> <${secret}> <${encodeURIComponent(secret)}> <${host.toLowerCase()}.example> <${host.toLowerCase()}.example:5433> user "${user}", database "shop"`);
      expect(said.split(/[<>]/).filter((part) => /[^*\s]/.test(part))).toEqual([' user ***, database ***']);
    }));
  });

  it('keeps a short user where that is only a part of a word', () => {
    const { foreign } = scrubber('postgres://app:x@db/shop');
    expect(foreign('the application of app on db: x is not max')).toBe('the application of *** on ***: *** is not max');
  });

  it('keeps the schema of the ledger, whoever is called like it', () => {
    expect(scrubber('postgres://meridian:secret@db/shop').foreign('permission denied for schema meridian, role "meridian"')).toBe('permission denied for schema meridian, role ***');
  });

  it('hides user and password where they are parameters', () => {
    expect(scrubber('postgres:///shop?host=/run/pg&user=owner&password=gehe%20im').foreign('owner gehe im /run/pg')).toBe('*** *** ***');
  });
});
