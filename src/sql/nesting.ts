import { scanSync } from 'libpg-query';

/** In a row, without a comma or a semicolon between them. Twice as many go through the parser safely. */
const maxTokens = 1_000;

const opening = new Set(['(', '[']);
const closing = new Set([')', ']']);
const parting = new Set([',', ';']);

/**
 * Is the text nested so deeply that the parser would run out of stack? It is WebAssembly: a stack that ran over is never given back, and
 * some hundred such texts would leave a parser that answers nobody. Tokens in a row are the most levels that there can be: those of every
 * bracket that is open count together.
 */
export function isTooDeep(sql: string): boolean {
  if (sql.length <= maxTokens) return false;
  const open = [0];
  let depth = 0;
  return tokensOf(sql).some((token) => {
    if (opening.has(token)) open.push(0);
    else if (closing.has(token) && open.length > 1) depth -= open.pop()!;
    else if (parting.has(token)) { depth -= open.at(-1)!; open[open.length - 1] = 0; }
    depth += 1;
    open[open.length - 1]! += 1;
    return depth > maxTokens;
  });
}

function tokensOf(sql: string): string[] {
  try {
    return scanSync(sql).tokens.map(({ text }) => text);
  } catch {
    // A quote that never ends, for one: the parser says where, and makes no tree.
    return [];
  }
}
