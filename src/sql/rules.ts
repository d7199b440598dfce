import type { Rule } from './rules/rule.js';

/** Every rule on a statement, or on one command of it. */
export const rules: Rule[] = [];
