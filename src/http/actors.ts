import type { Request } from 'express';
import { ActorName } from './actor-name.js';
import { HttpProblem, invalidRequest } from './problems.js';
import type { Actor } from './roles.js';
import type { TokenHolders } from './tokens.js';
import { check, locate } from './validation.js';

/** Who sends a request. Throws `Unauthenticated`, or `InvalidRequest` for a name that cannot be recorded. */
export type IdentifyActor = (request: Request) => Actor;

/** On this machine only, without tokens: everybody may do everything, under the name that they give. */
export const trustLocalUser: IdentifyActor = (request) => {
  const given = request.get('meridian-user');
  if (given === undefined) return { name: 'local', roles: ['*'] };
  const checked = check(ActorName, decoded(given));
  if (!checked.ok) throw invalidRequest(locate(checked.errors.map((error) => ({ ...error, pointer: '/Meridian-User' })), 'header'));
  return { name: checked.value, roles: ['*'] };
};

/** With tokens: whoever carries one that we know. */
export const demandToken = (holders: TokenHolders): IdentifyActor => (request) => {
  const [, token] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(request.get('authorization') ?? '') ?? [];
  if (token === undefined) {
    throw new HttpProblem('Unauthenticated', 'Send your token: Authorization: Bearer <token>.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="meridian"' },
    });
  }
  const actor = holders.holderOf(token);
  if (actor === undefined) {
    throw new HttpProblem('Unauthenticated', 'This token is not known here.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="meridian", error="invalid_token"' },
    });
  }
  return actor;
};

/** Header values are ASCII: a name with other letters comes percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A stray % is just a character that names do not have: the check that follows says so.
    return name;
  }
}
