import type { KnownMigration, Migration, StatementEffect } from '../rollout/schema/migration.js';
import { addedBy } from './acts/added.js';
import type { Act } from './acts/act.js';
import { effectOf, onOwnTable, together } from './effects/of-statement.js';
import { beginningOf, remedyText, type Finding } from './finding.js';
import { readTexts, type MigrationText } from './migration-texts.js';
import { canBeRead } from './parse.js';
import { pathOf, type Phase } from './phases.js';
import { positionOfByte } from './position.js';
import type { TableName } from './tables.js';
import { rules } from './rules.js';
import { isFresh } from './rules/fresh.js';
import { rowsOf } from './rules/rows.js';
import type { Facts, Found, Rewrite, Rule } from './rules/rule.js';
import { wholeRules } from './whole-rules.js';

export type { Finding } from './finding.js';

/** What is wrong with a migration, and what its statements do. It may be applied when no finding is an error. */
export interface Lint {
  findings: Finding[];
  effects: KnownMigration['effects'];
}

/** Looks at every text of a migration. Throws nothing: what cannot be read is a finding. */
export async function lintMigration(migration: Migration): Promise<Lint> {
  const { texts, findings } = await readTexts(migration);
  // What the rules would say of the rest is wrong when a half is missing.
  if (findings.length > 0) return { findings, effects: { expand: [], contract: [] } };
  const expanded = actsIn(texts, 'expand.up').flatMap(addedBy);
  const acts = texts.filter(({ phase }) => phase !== 'backfill').flatMap((text) => findingsIn(text, migration, expanded));
  const whole = wholeRules.flatMap((rule) => rule.check({ migration, texts, expanded }));
  return {
    findings: inOrder([...acts, ...whole]),
    effects: { expand: effectsIn(texts, 'expand.up'), contract: effectsIn(texts, 'contract.up') },
  };
}

const actsIn = (texts: MigrationText[], phase: Phase): Act[] => texts.find((text) => text.phase === phase)?.acts ?? [];

function findingsIn({ phase, statements, acts }: MigrationText, migration: Migration, expanded: Facts['expanded']): Finding[] {
  const applying = rules.filter((rule) => rule.phases.includes(phase));
  return acts.flatMap((act) => {
    const facts = { phase, migration, expanded, before: acts.slice(0, acts.findIndex(({ statement }) => statement === act.statement)) };
    const number = statements.indexOf(act.statement) + 1;
    return applying.flatMap((rule) => findingOf(rule, act, rule.check(act, facts), { phase, number }));
  });
}

function findingOf({ name, severity }: Rule, act: Act, found: Found | undefined, { phase, number }: { phase: Phase; number: number }): Finding[] {
  if (found === undefined) return [];
  const { statement: { sql, text }, at } = act;
  const rewrite = readable(found.rewrite ?? {});
  return [{
    rule: name, severity, path: pathOf[phase], statement: number, ...positionOfByte(text, found.at ?? at), sql: beginningOf(sql),
    problem: found.problem, remedy: remedyText({ ...found, rewrite }), rewrite,
  }];
}

/** What is put together from pieces of a statement is shown only if PostgreSQL would read it. */
const readable = (rewrite: Rewrite): Rewrite => (Object.values(rewrite).every(canBeRead) ? rewrite : {});

function effectsIn(texts: MigrationText[], phase: Phase): StatementEffect[] {
  const text = texts.find((each) => each.phase === phase);
  return (text?.statements ?? []).flatMap((statement) => {
    const acts = text!.acts.filter((act) => act.statement === statement);
    const before = text!.acts.slice(0, text!.acts.indexOf(acts[0]!));
    const found = acts.flatMap((act) => {
      const each = effectOf(act);
      return each === undefined ? [] : [isFresh({ before }, tableTouched(act)) ? onOwnTable(each) : each];
    });
    return found.length === 0 ? [] : [together(found)];
  });
}

/** The table whose users an act may keep waiting. */
const tableTouched = (act: Act): TableName =>
  (act.table.name === '' ? addedBy(act)[0]?.table ?? rowsOf(act) : act.table) ?? { name: '' };

const inOrder = (findings: Finding[]): Finding[] => {
  const paths = Object.values(pathOf);
  const place = ({ path }: Finding) => (paths.includes(path) ? paths.indexOf(path) : paths.length);
  return findings.toSorted((a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column);
};
