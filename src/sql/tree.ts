import type { Node } from 'libpg-query';

/** `AlterTableStmt`, `FuncCall`, … */
export type Kind = Node extends infer Each ? (Each extends Each ? keyof Each : never) : never;
export type NodeOf<K extends Kind> = K extends K ? Extract<Node, Record<K, unknown>>[K] : never;

/** What a node is: it has one key. */
export const kindOf = (node: Node): Kind => Object.keys(node)[0] as Kind;

/** A node as what it is expected to be; undefined when it is something else. */
export const as = <K extends Kind>(kind: K, node: Node | undefined): NodeOf<K> | undefined =>
  node === undefined ? undefined : (node as unknown as Partial<Record<K, NodeOf<K>>>)[kind];

/** All nodes of one kind below a root, the root included, in the order of the text as far as the tree keeps it. */
export function everyOf<K extends Kind>(kind: K, root: unknown): NodeOf<K>[] {
  const found: NodeOf<K>[] = [];
  visit(root, (key, value) => { if (key === kind) found.push(value as NodeOf<K>); });
  return found;
}

/** Calls with every property below a root. Bounded in depth by what the parser was given. */
export function visit(root: unknown, see: (key: string, value: unknown) => void): void {
  if (root === null || typeof root !== 'object') return;
  for (const [key, value] of Object.entries(root)) {
    see(key, value);
    visit(value, see);
  }
}

/** The words of a dotted name: `["shop", "customers"]`. */
export const wordsOf = (names: Node[] | undefined): string[] =>
  (names ?? []).flatMap((node) => as('String', node)?.sval ?? []);
