import { schemaRefusal } from '../../../src/rollout/migrations/compatible.js';
import { refuseEarlyContract } from '../../../src/rollout/migrations/contracts.js';
import type { PipelineLedger } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import type { PlaceSchema } from '../../../src/rollout/schema/migration.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import { undoOrder, type RegionUndo } from '../../../src/rollout/states/undo.js';

/** What decides whether a step may be taken; each can be spoilt, to see whether the invariant notices. */
export interface Rules {
  refusal: (release: Release, schema: PlaceSchema) => string | null;
  /** What a region has expanded, and claims, before its deploy: of what it needs, by what the board says of the schema there. */
  claims: (release: Release, onBoard: PlaceSchema) => string[];
  contract: (ledger: PipelineLedger, now: string) => string[];
  undoOrder: (undos: RegionUndo[]) => RegionUndo[];
  /** The database is asked, and not the board alone, before code is deployed there. */
  asksDatabase: boolean;
  /** An expand is taken back only when nobody claims it any more. */
  keepsClaims: boolean;
  /** What does not fit the schema is put back by no undo. */
  undoFits: boolean;
  /** The board hears what the database has answered, also when all is well. */
  tellsAnswers: boolean;
  /** Nobody ships anything while a contract is under way. */
  contractsAlone: boolean;
}

export const rules: Rules = {
  refusal: schemaRefusal,
  claims: ({ migrations = [] }) => migrations,
  contract: (ledger, now) => refuseEarlyContract(ledger, undefined, now),
  undoOrder,
  asksDatabase: true,
  keepsClaims: true,
  undoFits: true,
  tellsAnswers: true,
  contractsAlone: true,
};

const without = (schema: PlaceSchema, ...phases: string[]): PlaceSchema =>
  Object.fromEntries(Object.entries(schema).map(([name, phase]) => [name, phases.includes(phase) ? 'expanded' : phase]));

/** The ledger as it would be if some cells were not seen. */
const seeing = (ledger: PipelineLedger, change: (cell: PipelineLedger['cells'][number]) => PipelineLedger['cells']): PipelineLedger =>
  ({ ...ledger, cells: ledger.cells.flatMap(change) });

const isInDocument = ({ document }: PipelineLedger, region: string): boolean =>
  document!.lifecycle.some(({ waves }) => Array.isArray(waves) && waves.flat().includes(region));

/** As if somebody had forgotten that most releases need something: the database is what stops them. */
const firstOnly: Rules['claims'] = ({ version, migrations = [] }) => (version === 'r1' ? migrations : []);

/** By what is left out of the rules. */
export const spoilt: Record<string, Partial<Rules>> = {
  'the new shape has to be there': { claims: () => [], refusal: ({ version, freeOf = [] }, schema) => schemaRefusal({ version, freeOf }, schema) },
  'the new shape has to be whole': { claims: firstOnly, refusal: (release, schema) => schemaRefusal(release, without(schema, 'expanding')) },
  'the old shape may be gone': { refusal: (release, schema) => schemaRefusal(release, without(schema, 'contracted', 'contracting')) },
  'the old shape may be going': { refusal: (release, schema) => schemaRefusal(release, without(schema, 'contracting')) },
  'nothing is deployed before it is expanded': { claims: () => [], asksDatabase: false },
  'what others claim stays': { keepsClaims: false },
  'the code goes back before the schema': { undoOrder: (undos) => [...undos] },
  'an undo puts back what fits': { undoFits: false },
  'the database is asked before a deploy': { asksDatabase: false },
  'a contract waits for the fleet': { contract: (ledger) => ledger.migrations.filter(({ migration }) => migration.contract).map(({ migration }) => migration.name) },
  'the fleet has what the document has dropped': {
    contract: (ledger, now) => refuseEarlyContract(seeing(ledger, (cell) => (isInDocument(ledger, cell.region) ? [cell] : [])), undefined, now),
  },
  'the fleet has what nobody has looked at': {
    contract: (ledger, now) => refuseEarlyContract(seeing(ledger, (cell) => [cell.status === 'unknown' ? { ...cell, status: 'empty' } : cell]), undefined, now),
  },
  'nobody ships while a contract is under way': { contractsAlone: false },
};
