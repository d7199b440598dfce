import { everyOf } from '../tree.js';
import { everyPhase, type Rule } from './rule.js';

export const parameter: Rule = {
  name: 'parameter',
  severity: 'error',
  phases: everyPhase,
  about: '`$1` outside the backfill: nobody gives it a value',
  check: ({ statement, order }) => {
    const found = order === 0 ? everyOf('ParamRef', statement.tree)[0] : undefined;
    return found && {
      problem: `Nobody gives $${found.number ?? '?'} a value: only a backfill is called with $1 and $2.`,
      remedy: 'Write the value itself, or move the statement into the backfill.',
      ...(found.location !== undefined && { at: found.location }),
    };
  },
};
