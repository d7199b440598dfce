import { expect, it } from 'vitest';
import { assertRole } from '../../../src/rollout/control/roles.js';

it('one of the roles is enough, and `*` is every role', () => {
  for (const roles of [['sre'], ['developer', 'admin'], ['*']]) {
    expect(() => assertRole({ by: 'ana', roles }, ['admin', 'sre'], 'Passing over staging')).not.toThrow();
  }
});

it('whoever has none of them is told what is missing, and what they have', () => {
  expect(() => assertRole({ by: 'ben', roles: ['developer', 'tester'] }, ['admin', 'sre'], 'Passing over staging'))
    .toThrow(expect.objectContaining({ code: 'RoleMissing', message: 'Passing over staging needs the role admin or sre; ben has developer, tester.' }));
  expect(() => assertRole({ by: 'ben', roles: [] }, ['admin'], 'The hot-fix lane')).toThrow('The hot-fix lane needs the role admin; ben has none.');
});
