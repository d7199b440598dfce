import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phases } from '../../src/sql/phases.js';
import { splitStatements, SqlSyntaxError } from '../../src/sql/statements.js';
import { lintMigration } from '../../src/sql/lint.js';
import { migrationOf } from './migrations.js';

describe('a text', () => {
  it('falls into statements, each with its place and how it is run', async () => {
    const text = 'ALTER TABLE a.t VALIDATE CONSTRAINT c;\n-- é\n CREATE INDEX CONCURRENTLY i ON s.t (a); DROP INDEX CONCURRENTLY IF EXISTS s.j;;ALTER TYPE m ADD VALUE \'é;\'';
    expect(await splitStatements(text)).toEqual([
      { sql: 'ALTER TABLE a.t VALIDATE CONSTRAINT c', line: 1, column: 1, mode: 'transaction', isLong: true },
      { sql: 'CREATE INDEX CONCURRENTLY i ON s.t (a)', line: 3, column: 2, mode: 'alone', isLong: true, index: { schema: 's', name: 'i', drop: false } },
      { sql: 'DROP INDEX CONCURRENTLY IF EXISTS s.j', line: 3, column: 42, mode: 'alone', isLong: true, index: { schema: 's', name: 'j', drop: true } },
      { sql: 'ALTER TYPE m ADD VALUE \'é;\'', line: 3, column: 81, mode: 'transaction', isLong: false },
    ]);
  });

  it.each([
    ['SELECT 1;\n  SELECT \'😀\' + + FROM;', 2, 18, 'syntax error at or near "FROM"'],
    ['SELECT 1; DROP TABLE t\0;', 1, 23, 'a zero byte'],
    ['SELECT \'never ended', 1, 8, 'unterminated quoted string'],
    [`SELECT ${'NOT '.repeat(5_000)} true`, 1, 1, 'nested too deeply'],
    [`SELECT ${'(SELECT '.repeat(600)}1${')'.repeat(600)}`, 1, 1, 'nested too deeply'],
    ['x'.repeat(40_000), 1, 1, 'longer than 32,768 characters'],
  ])('that is no SQL is told with its place: %#', async (text, line, column, message) => {
    await expect(splitStatements(text)).rejects.toMatchObject({ name: 'SqlSyntaxError', line, column, message: expect.stringContaining(message) });
  });

  it('does at most two hundred things', async () => {
    const { findings } = await lintMigration(migrationOf({ 'expand.up': `ALTER TABLE t ${Array.from({ length: 201 }, (_, index) => `ADD COLUMN c${index} int`).join(', ')}` }));
    expect(findings).toMatchObject([{ rule: 'syntax', problem: expect.stringContaining('201 things, at most 200') }]);
  });

  it('of psql is told what it is', async () => {
    const { findings: [finding] } = await lintMigration(migrationOf({ 'expand.up': '\\d people' }));
    expect(finding).toMatchObject({ rule: 'syntax', remedy: expect.stringContaining('psql') });
  });

  it('may be as large as a migration can be', async () => {
    const rows = Array.from({ length: 1_500 }, (_, index) => `(${index}, 'some text')`).join(', ');
    await expect(splitStatements(`INSERT INTO n VALUES ${rows}`)).resolves.toHaveLength(1);
  });

  it('that is as deep as may be leaves the parser whole, however often it comes', async () => {
    const deep = `SELECT ${'NOT '.repeat(990)} true`;
    for (let index = 0; index < 300; index += 1) await splitStatements(deep).catch(() => undefined);
    await expect(splitStatements('SELECT 1')).resolves.toHaveLength(1);
  });
});

const words = fc.constantFrom('ALTER', 'TABLE', 't', 'ADD', 'COLUMN', 'a', 'text', 'NOT', 'NULL', 'DEFAULT', '1', ';', ',', '(', ')', 'DROP', 'INDEX', 'CONCURRENTLY', 'CREATE', 'UNIQUE', 'ON',
  'CHECK', 'VALID', 'CONSTRAINT', 'c', 'UPDATE', 'SET', '=', 'WHERE', 'BETWEEN', '$1', 'AND', '$2', 'IF', 'EXISTS', 'TYPE', 'bigint', 'USING', 'RENAME', 'TO', '--', '\n', '\'é\'', '"Ü"', '/*', '*/', '$$', '\\');
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(words, { maxLength: 25 }).map((list) => list.join(' ')));

describe('whatever is written', () => {
  it('is split, or refused as no SQL', async () => {
    await fc.assert(fc.asyncProperty(texts, async (text) => {
      const statements = await splitStatements(text).catch((error: unknown) => { if (!(error instanceof SqlSyntaxError)) throw error; return []; });
      for (const { sql, line, column } of statements) expect(Array.from(text.split('\n')[line - 1]!).slice(column - 1).join('').trim()).toContain(sql.split('\n')[0]!.trimEnd());
    }), { numRuns: 300 });
  });

  it('ends in findings with a place and a remedy, and never in an exception', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...phases), texts, async (phase, text) => {
      const { findings } = await lintMigration({ ...migrationOf({ [phase]: text }), sync: [{ table: 't', from: ['a'], to: ['b'], using: { a: text, b: text } }] });
      await expect(Promise.all(findings.flatMap(({ rewrite }) => Object.values(rewrite)).map(splitStatements))).resolves.toBeDefined();
      for (const { problem, remedy, line, column } of findings) {
        expect(problem.length > 0 && remedy.length > 0 && line > 0 && column > 0).toBe(true);
        expect(problem + remedy).not.toContain('undefined');
      }
    }), { numRuns: 300 });
  });
});
