import { HttpProblem } from './problems.js';

const maxDepth = 32;
const maxValues = 50_000;

/** Names that reach an object's prototype when somebody copies them carelessly. */
const forbiddenKeys = ['__proto__', 'constructor', 'prototype'];

/**
 * Refuses what no honest body holds: nesting without end (an alias to itself, too), more values than any document needs (aliases may
 * repeat one text many times), keys that reach prototypes, and characters that no text has but that terminals obey. Walks without
 * recursion, so that depth costs no stack.
 */
export function assertPlainTree(root: unknown): void {
  const pending: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') assertText(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) throw refused(`it is nested deeper than ${maxDepth} levels`);
    const entries = Object.entries(value);
    seen += entries.length;
    if (seen > maxValues) throw refused(`it holds more than ${maxValues} values`);
    for (const [key, child] of entries) {
      if (forbiddenKeys.includes(key)) throw refused(`the key ${key} is not allowed anywhere`);
      assertText(key);
      pending.push({ value: child, depth: depth + 1 });
    }
  }
}

/** Tabs and line ends are text; the other control characters, and halves of surrogate pairs, are not. */
const notText = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u;

function assertText(text: string): void {
  if (notText.test(text)) throw refused('a text in it holds control characters');
}

const refused = (reason: string): HttpProblem => new HttpProblem('MalformedRequest', `The body cannot be read: ${reason}.`);
