import stringWidth from 'string-width';
import type { Lint, Finding } from '../../sql/lint.js';
import type { Context } from '../context.js';
import { textAt, type LintSource } from './lint-sources.js';

type Linted = Lint & { source: LintSource };
type Look = Pick<Context, 'colours'>;

/** Every finding as a compiler tells it, and how many there are. */
export function lintReport(linted: Linted[], look: Look): string {
  const findings = linted.flatMap(({ source, findings: found }) => found.map((finding) => told(finding, source, look)));
  return [...findings, summaryOf(linted)].join('\n\n');
}

function told(finding: Finding, source: LintSource, { colours }: Look): string {
  const { severity, rule, problem, remedy } = finding;
  const colour = severity === 'error' ? colours.red : colours.yellow;
  return [
    `${source.place(finding)} ${colour(severity)} ${colours.dim(rule)}`,
    ...excerptOf(finding, source).map((line) => `    ${line}`),
    colours.bold(printable(problem)),
    ...remedy.split('\n').map(printable),
  ].join('\n');
}

const widest = 120;

/** The line, and below it a mark where it begins to be wrong; nothing for a migration as a whole. */
function excerptOf({ path, statement, rule, line, column }: Finding, { migration }: LintSource): string[] {
  const text = textAt(migration, path)?.split('\n')[line - 1];
  if (text === undefined || (statement === 0 && rule !== 'syntax')) return [];
  const from = Math.max(0, column - 1 - widest / 2);
  const shown = printable(Array.from(text).slice(from, from + widest).join(''));
  return [shown, `${' '.repeat(stringWidth(Array.from(shown).slice(0, column - 1 - from).join('')))}^`];
}

/** A text may hold what a terminal takes for a command. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

function summaryOf(linted: Linted[]): string {
  const findings = linted.flatMap((each) => each.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const of = counted(linted.length, 'migration');
  if (findings.length === 0) return `${of}: nothing to say against ${linted.length === 1 ? 'it' : 'them'}.`;
  return `${of}: ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}. Rules: docs/migrations-lint.md`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
