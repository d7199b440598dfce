import { positionOfByte } from '../position.js';
import { beginningOf, remedyText, type Finding } from '../finding.js';
import { pathOf, type Phase } from '../phases.js';
import type { ParsedStatement } from '../parse.js';
import type { Found } from './rule.js';
import type { WholeRule } from './whole-rule.js';

type Named = Pick<WholeRule, 'name' | 'severity'>;

/** A finding on a migration, or on a part of it, and on no statement. */
export const onPath = ({ name, severity }: Named, path: string, found: Found): Finding => ({
  rule: name, severity, path, statement: 0, line: 1, column: 1, sql: '', problem: found.problem, remedy: remedyText(found), rewrite: found.rewrite ?? {},
});

/** A finding on one statement of a text, from 1. */
export const onStatement = (rule: Named, phase: Phase, number: number, statement: ParsedStatement, found: Found): Finding => ({
  ...onPath(rule, pathOf[phase], found), statement: number, sql: beginningOf(statement.sql), ...positionOfByte(statement.text, found.at ?? statement.start),
});
