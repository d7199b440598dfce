import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { PipelineDocument } from '../../rollout/schema/pipeline.js';

/** The sample service that `npm start` ships. */
export const shopFolder = fileURLToPath(new URL('../../../examples/shop/', import.meta.url));

/** One region of one environment, with the port that this stack gives it. */
export interface ShopPlace {
  environment: string;
  region: string;
  port: number;
  /** `http://127.0.0.1:4100` */
  url: string;
  /** Where its PostgreSQL listens. */
  databasePort: number;
}

export interface Shop {
  /** The document as it stands in the file, for applying. */
  yaml: string;
  document: PipelineDocument;
  places: ShopPlace[];
  /** The environment variables that the document takes the ports from, and the URLs of the databases once these are open. */
  env: Record<string, string>;
}

/**
 * Reads the shop's pipeline document and gives its places ports from `firstPort` on, in the order in which it asks for them; the databases come after
 * them, in the same order.
 */
export async function readShop(firstPort: number): Promise<Shop> {
  const yaml = await readFile(`${shopFolder}pipeline.yaml`, 'utf8');
  const document = PipelineDocument.parse(parse(yaml));
  const asked = placeVariables(document, 'PORT');
  const places = asked.map(({ environment, region }, index) => {
    const port = firstPort + index;
    return { environment, region, port, url: `http://127.0.0.1:${port}`, databasePort: port + asked.length };
  });
  return { yaml, document, places, env: Object.fromEntries(asked.map(({ name }, index) => [name, String(firstPort + index)])) };
}

/** The environment variables that the document takes the values of a variable from, one for each place. */
export function placeVariables({ variables }: PipelineDocument, variable: string): { name: string; environment: string; region: string }[] {
  const values = variables.find(({ name }) => name === variable)?.values ?? [];
  return values.map((value) => {
    const { environment, region } = value;
    if (!('from' in value) || !('env' in value.from) || environment === undefined || region === undefined) {
      throw new Error(`Each value of ${variable} in ${shopFolder}pipeline.yaml is { from: { env: NAME }, environment, region }: \`npm start\` gives it to them.`);
    }
    return { name: value.from.env, environment, region };
  });
}
