import { MeridianFailure } from '../failure.js';
import type { Decision } from '../schema/decision.js';

/** Who acts, and as what. `*` is every role: the local operator of a stack without tokens. */
export type Actor = Pick<Decision, 'by' | 'roles'>;

/** Throws `RoleMissing` unless the person has one of the roles (or `*`). `what` is what takes the role, as a sentence begins with it. */
export function assertRole({ by, roles }: Actor, wanted: string[], what: string): void {
  if (roles.includes('*') || wanted.some((role) => roles.includes(role))) return;
  const has = roles.length > 0 ? roles.join(', ') : 'none';
  throw new MeridianFailure('RoleMissing', `${what} needs the role ${wanted.join(' or ')}; ${by} has ${has}.`);
}
