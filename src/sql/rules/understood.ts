import { effectOf } from '../effects/of-statement.js';
import { kindOf } from '../tree.js';
import { refusals } from './refusals.js';
import { everyPhase, type Rule } from './rule.js';

/** `AT_ClusterOn` → `cluster on`. */
const inWords = (kind: string): string => kind.replace(/^AT_|Stmt$/g, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

export const understood: Rule = {
  name: 'understood',
  severity: 'error',
  phases: everyPhase,
  about: 'A statement of a kind that the linter does not know: what is not understood is not applied',
  check: (act) => {
    const isRefused = refusals.some(({ matches }) => matches(act));
    if (isRefused || effectOf(act) !== undefined) return undefined;
    const of = act.command === undefined ? '' : ` of ${kindOf(act.statement.tree).replace('Stmt', '')}`;
    return {
      problem: `What this does (${inWords(act.kind)}${of}) is not known to the linter, so nobody can say whom it would keep waiting.`,
      remedy: 'Do it by hand, outside a migration, or in statements that the linter knows: docs/migrations-lint.md.',
    };
  },
};
