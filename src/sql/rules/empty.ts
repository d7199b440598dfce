import { pathOf } from '../phases.js';
import { onPath } from './at-whole.js';
import type { WholeRule } from './whole-rule.js';

export const empty: WholeRule = {
  name: 'empty',
  severity: 'error',
  about: 'A text without a statement',
  check: ({ texts }) => texts.filter(({ phase, statements }) => statements.length === 0 && phase !== 'backfill').map(({ phase }) =>
    onPath(empty, pathOf[phase], { problem: `${phase} has no statement.`, remedy: phase.startsWith('contract') ? 'Leave it out.' : 'Every expand has both halves: what it adds, and how that is taken away again.' })),
};
