import { placesOfPhase } from '../document/phase-places.js';
import { databaseOf } from '../document/settings.js';
import { placeKey } from '../places.js';
import type { Cell } from '../pipeline/board.js';
import type { PipelineLedger } from '../pipeline/pipeline-ledger.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import type { Release } from '../schema/release.js';

export type FleetLedger = Pick<PipelineLedger, 'document' | 'cells' | 'releases' | 'bundles' | 'drained'>;

/** A place where something runs, or may run, and what is known of it. */
export interface FleetPlace {
  key: string;
  cell: Cell | undefined;
  /** What runs there; with nothing but its version where its bundle is forgotten: then it is free of nothing. */
  release: Release | null;
  standing: Standing;
  /** Why rollouts leave it out just now; null when it takes part. */
  leftOut: string | null;
}

/**
 *     shipped           every release goes there
 *     optional          in an environment that may be left out for ever
 *     without-database  no shape is needed there
 *     dropped           the document has it no more, and what ran there may run still
 */
type Standing = 'shipped' | 'optional' | 'without-database' | 'dropped';

/** Every place of every environment, those of tenants that are held back and of drained regions too; and those that the document has dropped, as far as the board knows them. */
export function placesOfFleet(ledger: FleetLedger): FleetPlace[] {
  const { document, cells, releases, bundles } = ledger;
  const cellOf = new Map(cells.map((cell) => [placeKey(cell), cell]));
  const known = new Map(releases.map(({ release }) => [release.version, release]));
  const runs = (version: string | null | undefined): Release | null =>
    (version === null || version === undefined ? null : known.get(version) ?? bundles[version] ?? { version });
  const standings = new Map(document === null ? [] : standingsIn(document));
  return [...new Set([...standings.keys(), ...cellOf.keys()])].map((key) => {
    const cell = cellOf.get(key);
    return { key, cell, release: runs(cell?.release), standing: standings.get(key) ?? 'dropped', leftOut: standings.has(key) ? whyLeftOut(ledger, key) : 'the document has it no more' };
  });
}

function whyLeftOut({ document, drained }: FleetLedger, key: string): string | null {
  const [, region = '', tenant = ''] = key.split('/');
  const tenants = document?.tenants ?? {};
  if (Object.hasOwn(drained, region)) return `drained: ${drained[region]}`;
  return (Object.hasOwn(tenants, tenant) && tenants[tenant]?.holdBack !== undefined) ? `held back: ${tenants[tenant].holdBack}` : null;
}

const standingsIn = (document: PipelineDocument): [string, Standing][] =>
  document.lifecycle.flatMap((phase) => placesOfPhase(phase, document).map((place): [string, Standing] => [placeKey(place), standingOf(document, phase)]));

function standingOf(document: PipelineDocument, phase: Phase): Standing {
  if (databaseOf(document, phase) === null) return 'without-database';
  return phase.optional ? 'optional' : 'shipped';
}
