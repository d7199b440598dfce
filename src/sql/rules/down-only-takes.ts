import { addedBy } from '../acts/added.js';
import { isSameThing } from '../acts/thing.js';
import { written } from '../tables.js';
import type { Rule } from './rule.js';

export const downOnlyTakes: Rule = {
  name: 'down-only-takes',
  severity: 'error',
  phases: ['expand.down'],
  about: 'expand.down that adds something: it takes back what expand.up adds, and nothing else',
  check: (act, { expanded }) => {
    // A constraint may prove that nulls can be refused again; a default may be put back.
    const thing = addedBy(act).find(({ type }) => type !== 'constraint' && type !== 'default');
    if (thing === undefined || expanded.some((own) => isSameThing(own, thing))) return undefined;
    return {
      problem: `The ${thing.type} ${written(thing.name)} would be there after an undo, and was not there before.`,
      remedy: 'Take back what expand.up adds, and nothing else.',
    };
  },
};
