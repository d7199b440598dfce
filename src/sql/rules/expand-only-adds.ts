import type { Thing } from '../acts/thing.js';
import { removedBy } from '../acts/removed.js';
import { lines } from '../rewrites.js';
import { commandText } from '../source.js';
import { written } from '../tables.js';
import { isFresh, isOwn } from './fresh.js';
import type { Facts, Rule } from './rule.js';
import { addedBy } from '../acts/added.js';
import { isSameThing } from '../acts/thing.js';

const named = ({ type, name, table }: Thing): string => `the ${type} ${written(name)}${table === undefined ? '' : ` of ${written(table)}`}`;

/** Made by this very text before: as well as not made. */
const isMadeHere = (facts: Facts, thing: Thing): boolean =>
  facts.before.flatMap(addedBy).some((own) => isSameThing(own, thing)) || (thing.table !== undefined && isFresh(facts, thing.table));

export const expandOnlyAdds: Rule = {
  name: 'expand-only-adds',
  severity: 'error',
  phases: ['expand.up'],
  about: 'DROP in an expand of anything that the expand has not made: code of before still uses it',
  check: (act, facts) => {
    const lost = removedBy(act).filter((thing) => !isMadeHere(facts, thing));
    if (lost.length === 0) return undefined;
    const sql = act.command === undefined ? act.statement.sql : `ALTER TABLE ${written(act.table)} ${commandText(act)}`;
    return {
      problem: `Code of before still uses ${lost.map(named).join(' and ')}: while a rollout runs, old and new code work side by side.`,
      remedy: 'Take it away when no region needs it any more.',
      rewrite: { 'contract.up': lines(sql) },
    };
  },
};

export const downTakesOwn: Rule = {
  name: 'down-takes-own',
  severity: 'error',
  phases: ['expand.down'],
  about: 'expand.down that takes away what expand.up has not added',
  check: (act, facts) => {
    const foreign = removedBy(act).filter((thing) => !isOwn(facts, thing));
    if (foreign.length === 0) return undefined;
    return {
      problem: `expand.up does not add ${foreign.map(named).join(' and ')}: taking it back would take away what was there before.`,
      remedy: 'Take away only what expand.up adds.',
    };
  },
};
