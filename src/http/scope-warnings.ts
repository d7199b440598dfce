import { didYouMean } from '../rollout/nearest-name.js';
import type { FreezeScope } from '../rollout/schema/freeze.js';
import { OutOfReach } from './temporal/out-of-reach.js';
import type { PipelineMemo, Workflows } from './temporal/workflows.js';

type ScopeList = keyof Exclude<FreezeScope, 'all'>;

/** Where each name of a scope is known from. */
const namesIn: Record<ScopeList, { what: string; of: (memo: PipelineMemo) => (string | undefined)[] }> = {
  pipelines: { what: 'a pipeline', of: ({ pipeline }) => [pipeline.name] },
  environments: { what: 'an environment', of: ({ pipeline }) => pipeline.environments },
  regions: { what: 'a region', of: ({ board }) => board.map(({ region }) => region) },
  tenants: { what: 'a tenant', of: ({ board }) => board.map(({ tenant }) => tenant) },
};

/**
 * One sentence for each name in the scope of a freeze that no pipeline has: with a typo in it the freeze would stop nothing, and nobody would
 * notice. The freeze is held by now, so whatever keeps us from looking is only said, too.
 */
export async function scopeWarnings(scope: FreezeScope, workflows: Workflows): Promise<string[]> {
  if (scope === 'all') return [];
  try {
    return unknownNames(scope, await everyPipeline(workflows));
  } catch (error) {
    if (error instanceof OutOfReach) return [`It could not be checked that the names in its scope are known: ${error.message}`];
    throw error;
  }
}

const unknownNames = (scope: Exclude<FreezeScope, 'all'>, pipelines: PipelineMemo[]): string[] =>
  (Object.keys(namesIn) as ScopeList[]).flatMap((list) => {
    const { what, of } = namesIn[list];
    const known = [...new Set(pipelines.flatMap(of).filter((name) => name !== undefined))];
    return (scope[list] ?? []).filter((name) => !known.includes(name)).map((name) => `Nobody knows ${what} ${name} yet.${didYouMean(name, known)}`);
  });

async function everyPipeline({ pipelines }: Workflows): Promise<PipelineMemo[]> {
  const all: PipelineMemo[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await pipelines({ limit: 100, cursor });
    all.push(...items);
    if (next === undefined) return all;
    cursor = next;
  }
}
