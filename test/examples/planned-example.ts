import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { checkDocument } from '../../src/http/document.js';
import { planRollout } from '../../src/rollout/plan/plan.js';
import type { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { Plan } from '../../src/rollout/schema/plan.js';
import { ShipOptions } from '../../src/rollout/schema/ship.js';
import { tailorDocument } from '../../src/rollout/plan/tailor.js';

/** The document of an example as the API takes it. Throws everything that the API would tell its sender. */
export async function exampleDocument(name: string): Promise<PipelineDocument> {
  const checked = checkDocument(parse(await readFile(`examples/${name}/pipeline.yaml`, 'utf8')));
  if (!checked.ok) throw new Error(checked.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('\n'));
  return checked.value;
}

/** What its first release would do, by an API that has never seen it before. */
export function firstPlan(document: PipelineDocument, options: Partial<ShipOptions> = {}): Plan {
  const asked = ShipOptions.parse(options);
  return planRollout({ document: tailorDocument(document, asked), revision: 1, release: '1.0.0', options: asked, verified: {}, board: [] });
}

/** The places of a phase by waves: `[['sydney/acme'], …]`. */
export const wavesIn = (plan: Plan, environment: string): string[][] =>
  plan.phases.filter((phase) => phase.environment === environment)
    .flatMap((phase) => phase.waves.map((wave) => wave.regions.map(({ region, tenant }) => (tenant === undefined ? region : `${region}/${tenant}`))));
