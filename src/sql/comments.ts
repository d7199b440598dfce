import { scanSync } from 'libpg-query';
import { bytesOf } from './position.js';

/** SQL of a statement that can be read, without its comments: what is put behind it is not swallowed by one. */
export function withoutComments(sql: string): string {
  if (!sql.includes('--') && !sql.includes('/*')) return sql;
  let end = 0;
  const parts = scanSync(sql).tokens.filter(({ tokenName }) => tokenName.endsWith('COMMENT')).map((comment) => {
    const before = bytesOf(sql, end, comment.start);
    end = comment.end;
    return before;
  });
  return [...parts, bytesOf(sql, end)].map((part) => part.trim()).filter((part) => part !== '').join(' ');
}
