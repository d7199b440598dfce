import { pathOf } from '../phases.js';
import { removedBy } from '../acts/removed.js';
import { addedBy } from '../acts/added.js';
import { isSameThing, type Thing } from '../acts/thing.js';
import { isSame, tablesIn, written, type TableName } from '../tables.js';
import { visit } from '../tree.js';
import { onPath } from './at-whole.js';
import type { Whole, WholeRule } from './whole-rule.js';

export const oneWay: WholeRule = {
  name: 'one-way',
  severity: 'warning',
  about: 'A contract without `down`: there is no way back, and a person must approve it',
  check: ({ migration: { contract } }) => (contract === undefined || contract.down !== undefined ? [] : [onPath(oneWay, '/contract', {
    problem: 'There is no way back from this contract: once it has run, only releases that are free of the old shape can run.',
    remedy: 'Give it a `down` that puts the old shape back, filled from the new one. Without it a person must approve the point of no return.',
  })]),
};

export const noContract: WholeRule = {
  name: 'no-contract',
  severity: 'warning',
  about: '`sync` or a backfill of old columns without a contract: the old shape is a debt until one comes',
  check: ({ migration: { contract, sync = [], backfill } }) => (contract !== undefined || (sync.length === 0 && backfill === undefined) ? [] : [onPath(noContract, '', {
    problem: `${sync.length > 0 ? 'Old and new columns are kept in step by triggers' : 'Rows are filled from an old shape'}, and no contract ends that.`,
    remedy: 'Fine for now: send the same migration with a contract when no code needs the old shape. Until then the board shows it as a debt.',
  })]),
};

const touched = ({ texts }: Whole, phase: string): TableName[] =>
  texts.filter((text) => text.phase === phase).flatMap(({ statements }) => statements.flatMap(({ tree }) => [...tablesIn(tree), ...droppedNames(tree)]));

/** Names in a DROP stand as plain words. */
function droppedNames(tree: unknown): TableName[] {
  const found: TableName[] = [];
  visit(tree, (key, value) => { if (key === 'sval' && typeof value === 'string') found.push({ name: value }); });
  return found;
}

export const unrelated: WholeRule = {
  name: 'unrelated',
  severity: 'warning',
  about: 'A contract that touches nothing of what the expand, the backfill and `sync` name',
  check: (whole) => {
    const { migration: { contract, sync = [] } } = whole;
    const known = [...touched(whole, 'expand.up'), ...touched(whole, 'backfill'), ...sync.map(({ table }) => ({ name: table }))];
    const named = touched(whole, 'contract.up');
    if (contract === undefined || named.length === 0 || named.some((table) => known.some((each) => isSame(each, table)))) return [];
    return [onPath(unrelated, pathOf['contract.up'], {
      problem: 'It touches nothing that the expand, the backfill or `sync` names.',
      remedy: 'Look whether it is the contract of another migration.',
    })];
  },
};

export const contractHalf: WholeRule = {
  name: 'contract-half',
  severity: 'warning',
  about: 'contract.up takes something away that contract.down does not put back',
  check: ({ texts, migration: { contract } }) => {
    const actsIn = (name: string) => texts.find(({ phase }) => phase === name)?.acts ?? [];
    const back = actsIn('contract.down').flatMap(addedBy);
    const own = actsIn('contract.up').flatMap(addedBy);
    if (contract?.down === undefined || actsIn('contract.down').length === 0) return [];
    return actsIn('contract.up').flatMap(removedBy).filter((thing) => !hasSame(back, thing) && !hasSame(own, thing)).map((thing) => onPath(contractHalf, pathOf['contract.down'], {
      problem: `contract.up takes the ${thing.type} ${written(thing.name)} away, and nothing puts it back.`,
      remedy: 'Put it back in contract.down, or leave contract.down out: the contract is one-way then, and says so.',
    }));
  },
};

const hasSame = (things: Thing[], thing: Thing): boolean => things.some((each) => isSameThing(each, thing));
