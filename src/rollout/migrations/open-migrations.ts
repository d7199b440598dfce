import { databasesOf } from '../document/settings.js';
import { placeKey } from '../places.js';
import { placesOfWalk } from '../plan/plan-question.js';
import type { PipelineLedger } from '../pipeline/pipeline-ledger.js';
import { fleetOf, phaseIn, type Fleet } from './fleet.js';
import { placesOfFleet, type FleetLedger, type FleetPlace } from './fleet-places.js';
import type { MigrationRecord } from './records.js';

export type DebtLedger = FleetLedger & Pick<PipelineLedger, 'name' | 'migrations' | 'running' | 'queue' | 'contractsTried'>;

/** A migration that still has its old shape somewhere, and what is known of the fleet. */
export interface OpenMigration {
  record: MigrationRecord;
  fleet: Fleet;
  /** Keys of the places that a rollout of its contract would go to. */
  open: string[];
  /** Keys of the places that had a database when it was expanded there, and have none in the document now: no rollout can go there. */
  withoutDatabase: string[];
}

/** In the order in which they came. Those that are still expanded for the first time anywhere are not among them. */
export function openMigrations(ledger: DebtLedger): OpenMigration[] {
  if (ledger.migrations.length === 0) return [];
  const places = placesOfFleet(ledger);
  const walked = new Set(ledger.document?.lifecycle.flatMap((phase) => placesOfWalk(ledger.document!, phase).map(placeKey)));
  return ledger.migrations.flatMap((record) => {
    const open = placesWhere(record, places, ['expanded', 'contracting']);
    if (open.length === 0) return [];
    const [left, reached] = [open.filter(isWithoutDatabase), open.filter((place) => !isWithoutDatabase(place) && walked.has(place.key))];
    return [{ record, fleet: fleetOf(ledger, record, places), open: keysOf(reached), withoutDatabase: keysOf(left) }];
  });
}

/** What was dropped is nobody's debt: no rollout goes there. */
const placesWhere = (record: MigrationRecord, places: FleetPlace[], phases: (string | undefined)[]): FleetPlace[] =>
  places.filter(({ key, standing }) => standing !== 'dropped' && phases.includes(phaseIn(record, key)));

const isWithoutDatabase = ({ standing }: FleetPlace): boolean => standing === 'without-database';

const keysOf = (places: FleetPlace[]): string[] => places.map(({ key }) => key);

/** Every place that can be contracted at all has lost its database. */
export const isOutOfReach = ({ open, withoutDatabase }: OpenMigration): boolean => open.length === 0 && withoutDatabase.length > 0;

/** No environment wants a person to start it. */
export const isAutomatic = ({ document }: DebtLedger): boolean => databasesOf(document).every(({ contract }) => contract === 'automatic');

/** It was started without anybody asking, and the fleet is as it was then: it would come to the same. */
export const wasTried = ({ contractsTried = {} }: DebtLedger, name: string, { provenSince }: Fleet): boolean =>
  Object.hasOwn(contractsTried, name) && Date.parse(contractsTried[name]!) >= Date.parse(provenSince!);
