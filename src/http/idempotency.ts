import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { bytesOf } from './body.js';
import { HttpProblem, invalidRequest } from './problems.js';
import type { Actor } from './roles.js';

const header = 'Idempotency-Key';
const allowed = /^[\x21-\x7e]{1,255}$/;

/** What makes a write happen once: the id of the Temporal Update, and what the request looked like. */
export interface WriteKey {
  updateId: string;
  fingerprint: string;
}

/**
 * The same header from the same person on the same address gives the same id: keys of different people and addresses never meet.
 * Without the header every request is a write of its own. Throws `InvalidRequest` for a key that is not one.
 */
export function writeKeyOf(request: Request, actor: Actor): WriteKey {
  const key = request.get(header);
  if (key !== undefined && !allowed.test(key)) {
    throw invalidRequest([{ in: 'header', pointer: `/${header}`, detail: 'use 1 to 255 visible ASCII characters, a UUID for example' }]);
  }
  const updateId = key === undefined ? randomUUID() : hash(actor.name, request.method, request.path, key);
  return { updateId, fingerprint: hash(queryOf(request), bytesOf(request)) };
}

const queryOf = ({ originalUrl }: Request): string => originalUrl.split('?')[1] ?? '';

/** The answer, unless it is that of another request under the same key: then `IdempotencyKeyReused`. */
export function sameRequest<T extends { fingerprint?: string }>(answer: T, { fingerprint }: WriteKey): T {
  if (answer.fingerprint === undefined || answer.fingerprint === fingerprint) return answer;
  throw new HttpProblem('IdempotencyKeyReused',
    `This ${header} was sent before with another body, which was carried out. Send a changed request under a key of its own.`);
}

function hash(...parts: (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex');
}
