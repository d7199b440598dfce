import { HttpProblem } from './problems.js';

/** Somebody who sends requests. `*` is every role. */
export interface Actor {
  name: string;
  roles: string[];
}

/** Who sends a request to a route that does not ask for names. */
export const nobody: Actor = { name: 'nobody', roles: [] };

/** What a route asks of its caller. `anyone` needs no name at all; `known` takes everybody who has a name. */
export type Permission = 'anyone' | 'known' | 'decide' | 'deploy';

/** The role that opens a permission. Whoever may approve is a matter of each gate: the workflow holds it against its roles. */
const roleFor: Record<Permission, string | null> = { anyone: null, known: null, decide: 'operator', deploy: 'deployer' };

/** Throws `RoleMissing`, which names the role. */
export function assertMay(actor: Actor, permission: Permission): void {
  const role = roleFor[permission];
  if (role === null || actor.roles.includes('*') || actor.roles.includes(role)) return;
  const roles = actor.roles.join(', ');
  throw new HttpProblem('RoleMissing', `This takes the role ${role}; ${actor.name} has ${roles}. Whoever keeps MERIDIAN_TOKENS can give it.`);
}
