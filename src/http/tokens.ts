import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ActorName } from './actor-name.js';
import { withoutValue } from './issues.js';
import type { Actor } from './roles.js';
import { check } from './validation.js';

const Role = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'use lower-case letters, digits and dashes');

const Token = z.strictObject({
  name: ActorName,
  roles: z.array(Role).min(1).max(50),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'give the SHA-256 of the token as 64 hexadecimal digits'),
});

const Tokens = z.array(Token).min(1).max(1_000);

/** Who carries a token. */
export interface TokenHolders {
  /** Undefined for a token that nobody has. Takes the same time for every token. */
  holderOf(token: string): Actor | undefined;
}

/**
 * Reads MERIDIAN_TOKENS: `[{ "name": "ana", "roles": ["deployer"], "sha256": "…" }]`, or `@/path/to/file` of the same. Throws an Error
 * that says what is wrong and where, and never repeats what was written.
 */
export function readTokens(setting: string): TokenHolders {
  const checked = check(Tokens, parse(setting.startsWith('@') ? readFile(setting.slice(1)) : setting));
  if (!checked.ok) {
    const lines = checked.errors.map(({ pointer, detail }) => `  ${pointer || 'the whole'}: ${withoutValue(detail)}`);
    throw new Error(`MERIDIAN_TOKENS is not right:\n${lines.join('\n')}`);
  }
  const holders = checked.value.map(({ name, roles, sha256 }) => ({
    digest: Buffer.from(sha256, 'hex'),
    actor: { name, roles: withEveryRole(roles) },
  }));
  return {
    holderOf(token) {
      const digest = createHash('sha256').update(token).digest();
      return holders.filter((holder) => timingSafeEqual(holder.digest, digest))[0]?.actor;
    },
  };
}

const withEveryRole = (roles: string[]): string[] => (roles.includes('admin') ? ['*'] : roles);

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`MERIDIAN_TOKENS names the file ${path}, which cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would repeat a part of the text.
    throw new Error('MERIDIAN_TOKENS is not JSON. '
      + 'Write [{ "name": "ana", "roles": ["deployer"], "sha256": "<hex of the token>" }], or @/path/to/file of the same.');
  }
}
