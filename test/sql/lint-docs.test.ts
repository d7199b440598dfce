import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { phases } from '../../src/sql/phases.js';
import { rules } from '../../src/sql/rules.js';
import { wholeRules } from '../../src/sql/whole-rules.js';
import { findingsOf } from './migrations.js';

const page = 'docs/migrations-lint.md';

const row = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The tables as the rules themselves tell them. */
const tables = {
  statements: [
    row(['rule', '', 'in', 'what it is about']), '|---|---|---|---|',
    ...rules.map(({ name, severity, phases: of, about }) => row([`\`${name}\``, severity, of.length === phases.length - 1 ? 'all texts' : of.join(', '), about])),
  ].join('\n'),
  migrations: [row(['rule', '', 'what it is about']), '|---|---|---|', ...wholeRules.map(({ name, severity, about }) => row([`\`${name}\``, severity, about]))].join('\n'),
};

// After a change of a rule: put the table that this test expects into the page.
it.each(Object.entries(tables))('docs/migrations-lint.md has the rules on %s as they are', (_what, table) => {
  expect(readFileSync(page, 'utf8')).toContain(table);
});

it('docs/migrations-rows.md has a way back to NOT NULL that the linter has nothing against', async () => {
  const [, down] = /```sql\n([^]+?)```/.exec(readFileSync('docs/migrations-rows.md', 'utf8'))!;
  const findings = await findingsOf({ 'contract.up': 'alter table customers drop column name', 'contract.down': down! });
  expect(findings.filter(({ path }) => path.startsWith('/contract/down'))).toEqual([]);
});

it('no two rules have one name', () => {
  const names = [...rules, ...wholeRules].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
