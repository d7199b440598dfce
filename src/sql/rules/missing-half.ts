import { removedBy } from '../acts/removed.js';
import { goesWith, type Thing } from '../acts/thing.js';
import { quoted } from '../quote.js';
import { lines } from '../rewrites.js';
import { pathOf } from '../phases.js';
import { written } from '../tables.js';
import { onPath } from './at-whole.js';
import type { WholeRule } from './whole-rule.js';

/** How a thing is taken away, whether it is there or not. */
function takingAway({ type, name, table }: Thing): string {
  const on = table === undefined ? '' : written(table);
  if (type === 'column' || type === 'constraint') return `ALTER TABLE ${on} DROP ${type.toUpperCase()} IF EXISTS ${quoted(name.name)}`;
  if (type === 'default') return `ALTER TABLE ${on} ALTER COLUMN ${quoted(name.name)} DROP DEFAULT`;
  if (type === 'identity') return `ALTER TABLE ${on} ALTER COLUMN ${quoted(name.name)} DROP IDENTITY IF EXISTS`;
  if (type === 'index') return `DROP INDEX CONCURRENTLY IF EXISTS ${written(name)}`;
  return `DROP ${type.toUpperCase()} IF EXISTS ${written(name)}${type === 'trigger' || type === 'policy' ? ` ON ${on}` : ''}`;
}

export const missingHalf: WholeRule = {
  name: 'missing-half',
  severity: 'error',
  about: 'expand.up adds something that expand.down never takes away',
  check: ({ texts, expanded }) => {
    const down = texts.find(({ phase }) => phase === 'expand.down');
    const up = texts.find(({ phase }) => phase === 'expand.up');
    if (down === undefined || up === undefined) return [];
    // What the expand itself takes away again, and an index that has become a constraint, is not there to be taken.
    const gone = [...down.acts, ...up.acts].flatMap(removedBy);
    const names = expanded.map(({ name }) => name.name);
    const left = expanded.filter((thing, index) =>
      thing.mayStay !== true && thing.name.name !== '' && !gone.some((each) => goesWith(thing, each)) && !expanded.some((own) => own !== thing && isPartOf(thing, own, gone))
      && !(thing.type === 'index' && names.indexOf(thing.name.name, index + 1) > index));
    return left.toReversed().map((thing) => onPath(missingHalf, pathOf['expand.down'], {
      problem: `expand.up adds the ${thing.type} ${written(thing.name)}, and nothing takes it away again.`,
      remedy: 'Take it away in expand.down.',
      rewrite: { 'expand.down': lines(takingAway(thing)) },
    }));
  },
};

/** It goes with a column or table of the expand that is taken away. */
const isPartOf = (thing: Thing, own: Thing, gone: Thing[]): boolean =>
  (own.type === 'table' || own.type === 'column') && goesWith(thing, own) && gone.some((each) => goesWith(own, each));
