import { durationMs } from '../duration.js';
import { listNames } from '../list-names.js';
import { placeKey, type Place } from '../places.js';
import type { Phase, PipelineDocument } from '../schema/pipeline.js';
import { placesOfPhase } from './phase-places.js';
import { databaseOf, databasesOf } from './settings.js';
import { variablesFor } from './variables.js';

/** What a document asks of its databases that an experienced person would ask about. Never refuses. */
export const databaseWarnings = (document: PipelineDocument): string[] => [
  ...differing(document, 'contractAfter', 'the longest of them counts for all: a contract goes to every region'),
  ...differing(document, 'contract', 'manual counts for all: a contract goes to every region'),
  ...noHorizon(document),
  ...document.lifecycle.flatMap((phase) => sharedDatabases(document, phase).map((warning) => `${phase.environment}: ${warning}`)),
];

function differing(document: PipelineDocument, field: 'contractAfter' | 'contract', what: string): string[] {
  const values = [...new Set(databasesOf(document).map((database) => database[field]))];
  return values.length < 2 ? [] : [`database.${field} is ${listNames(values)} in different environments; ${what}.`];
}

const noHorizon = (document: PipelineDocument): string[] =>
  databasesOf(document).length > 0 && databasesOf(document).every(({ contractAfter }) => durationMs(contractAfter) === 0)
    ? ['database.contractAfter is 0: the old shape may go as soon as the last region has soaked, and no release that needs it can come back.'] : [];

/** The first region that expands does so for all, and the last one that is undone takes it back. */
function sharedDatabases(document: PipelineDocument, phase: Phase): string[] {
  const database = databaseOf(document, phase);
  if (database?.expandFirst !== 'region') return [];
  const names = variablesIn(database.url);
  const variables = document.variables.filter(({ name }) => names.includes(name));
  const sharing = new Map<string, string[]>();
  for (const place of placesOfPhase(phase, document)) {
    const address = addressAt(database.url, variablesFor({ variables }, place), place);
    if (address !== null) sharing.set(address, [...(sharing.get(address) ?? []), placeKey(place).slice(phase.environment.length + 1)]);
  }
  return [...sharing.values()].filter((places) => places.length > 1).map((places) =>
    `${listNames(places)} have the same database.url, and each expands before its own deploy. Write expandFirst: all where they share a database, so that nothing is deployed before it has its new shape.`);
}

/** The same text for the same address; null where it has no value. References are not followed: the same reference is the same address. */
function addressAt(url: string, values: ReturnType<typeof variablesFor>, place: Place): string | null {
  const sources = new Map<string, unknown>(values.map(({ name, source }) => [name, source]));
  const named = [...new Set(variablesIn(url))].map((name) => {
    if (name === 'region.name') return place.region;
    if (name === 'tenant.name') return place.tenant;
    return name === 'environment' ? place.environment : sources.get(name);
  });
  return named.includes(undefined) ? null : JSON.stringify(named);
}

/** The names between double braces. By a pattern: the parser of templates stays out of the bundle of the workflows. */
const variablesIn = (text: string): string[] => [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map(([, name]) => name!);
