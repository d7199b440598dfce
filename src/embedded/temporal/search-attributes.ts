import type { Connection } from '@temporalio/client';
import { searchAttributes } from '../../../workflows/search-attributes.js';
import { retryUntil } from '../retry-until.js';
import { SetupFailure } from '../setup-failure.js';

/** For each type its number in temporal.api.enums.v1.IndexedValueType, which no direct dependency exports, and its name in the CLI. */
const types = {
  TEXT: { number: 1, cliName: 'Text' },
  KEYWORD: { number: 2, cliName: 'Keyword' },
  INT: { number: 3, cliName: 'Int' },
  DOUBLE: { number: 4, cliName: 'Double' },
  BOOL: { number: 5, cliName: 'Bool' },
  DATETIME: { number: 6, cliName: 'Datetime' },
  KEYWORD_LIST: { number: 7, cliName: 'KeywordList' },
} as const;

const attributes = Object.values(searchAttributes).map(({ name, type }) => ({ name, ...types[type] }));

/** Name → number of its type, as the operator service takes them. */
export const searchAttributeTypes: Record<string, number> = Object.fromEntries(attributes.map(({ name, number }) => [name, number]));

/** A server caches what it knows of a namespace, so a new attribute may be refused for a moment. */
const usableMs = 30_000;

/**
 * Makes the search attributes of Meridian known to a namespace, and waits until a search takes them. Those that are there already
 * stay. Throws `SetupFailure` when one has another type, or when this connection may not register them and nobody else has.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const refusal = await addMissing(connection, namespace);
  const query = attributes.map(({ name }) => `${name} = 'none'`).join(' AND ');
  try {
    await retryUntil(refusal ? 0 : usableMs, () => connection.workflowService.countWorkflowExecutions({ namespace, query }));
  } catch (error) {
    throw new SetupFailure(howToRegister(namespace, refusal ?? (error as Error)), { cause: error });
  }
}

/** Answers the error of a server that does not let us: somebody else may have registered them. */
async function addMissing(connection: Connection, namespace: string): Promise<Error | undefined> {
  try {
    const { customAttributes: known } = await connection.operatorService.listSearchAttributes({ namespace });
    refuseOtherTypes(known, namespace);
    const missing = Object.entries(searchAttributeTypes).filter(([name]) => known[name] === undefined);
    if (missing.length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) });
    return undefined;
  } catch (error) {
    if (error instanceof SetupFailure) throw error;
    return error as Error;
  }
}

function refuseOtherTypes(known: Record<string, number>, namespace: string): void {
  for (const { name, number, cliName } of attributes) {
    if (known[name] !== undefined && known[name] !== number) {
      throw new SetupFailure(`The search attribute ${name} of the namespace ${namespace} is no ${cliName}. Remove it, or use another namespace (TEMPORAL_NAMESPACE).`);
    }
  }
}

const howToRegister = (namespace: string, why: Error): string => [
  `The search attributes of Meridian cannot be used in the namespace ${namespace}: ${why.message}`,
  'Have somebody who may do it run:',
  ...attributes.map(({ name, cliName }) => `  temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${cliName}`),
].join('\n');
