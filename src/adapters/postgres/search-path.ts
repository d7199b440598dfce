import { escapeIdentifier as quote, type ClientBase } from 'pg';

/** The ledger's schema, in which nothing of anybody else belongs. */
const ledger = 'meridian';

/**
 * Takes the ledger's schema out of the search path of the session. A role that is called like it has it there by `"$user"`, as soon as there is
 * a ledger: what a migration makes would land in it, and what it looks for would not be found.
 */
export async function leaveLedgerOut(client: ClientBase): Promise<void> {
  const { rows: [found] } = await client.query<{ path: string; role: string }>("select current_setting('search_path') as path, current_user::text as role");
  const schemas = schemasOf(found!.path).map((schema) => (schema === '$user' ? found!.role : schema));
  if (!schemas.includes(ledger)) return;
  const others = schemas.filter((schema) => schema !== ledger).map((schema) => quote(schema));
  await client.query("select set_config('search_path', $1, false)", [others.join(', ')]);
}

/** Names of a list such as `"$user", public, "My ""own"""`. */
const schemasOf = (list: string): string[] => [...list.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!.toLowerCase());
