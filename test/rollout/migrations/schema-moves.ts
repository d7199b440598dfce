import { isOneWay } from '../../../src/rollout/migrations/known.js';
import { placesToContract } from '../../../src/rollout/migrations/places-to-contract.js';
import { migrationState } from '../../../src/rollout/migrations/records.js';
import { MeridianFailure } from '../../../src/rollout/failure.js';
import { noteFound, revokeRelease } from '../../../src/rollout/pipeline/pipeline-changes.js';
import { applyDocument } from '../../../src/rollout/pipeline/pipeline-ledger.js';
import { placeKey, type Place } from '../../../src/rollout/places.js';
import type { Release } from '../../../src/rollout/schema/release.js';
import type { RegionUndo } from '../../../src/rollout/states/undo.js';
import type { Rules } from './schema-rules.js';
import { cellOf, documentOf, nowOf, onBoard, places, tell, tellSchema, undoTarget, type Database, type World } from './schema-world.js';

type Step = 'pending' | 'expanding' | 'expanded' | 'deploying' | 'soaking' | 'contracting' | 'contracted' | 'done' | 'undoing' | 'over';

/** One place of one rollout. */
export interface Work {
  place: Place;
  step: Step;
  /** To be expanded, or contracted. */
  names: string[];
  undo: RegionUndo[];
}

export interface Rollout {
  id: string;
  work: 'ship' | 'contract';
  release: Release | null;
  works: Work[];
}

export interface Play {
  world: World;
  rules: Rules;
  rollouts: Rollout[];
  next: number;
  /** What has happened, for those who want to know how far a model gets. */
  seen: string[];
}

const databaseAt = ({ world }: Play, { place }: Work): Database => world.databaseOf[placeKey(place)]!;
const environmentsOf = ({ works }: Rollout): string[] => works.map(({ place }) => place.environment);

/** A release goes to these places of one environment, where the rules let it in. */
export function ship(play: Play, release: Release, to: Place[]): void {
  const { world, rules, rollouts } = play;
  const isHeld = rollouts.some((each) =>
    (each.work === 'contract' ? rules.contractsAlone : to.some(({ environment }) => environmentsOf(each).includes(environment))));
  if (isHeld || to.length === 0 || to.some((place) => !isShipped(play, place)) || to.some((place) => !isAdmitted(play, release, place))) return;
  const works = to.map((place): Work => ({ place, step: 'pending', names: rules.claims(release, onBoard(world, place)), undo: [] }));
  rollouts.push({ id: `shop-${play.next++}`, work: 'ship', release, works });
}

const isShipped = ({ world }: Play, { environment, region }: Place): boolean =>
  world.ledger.document!.lifecycle.some((phase) => phase.environment === environment && Array.isArray(phase.waves) && phase.waves.flat().includes(region));

/** As it would be when everything that it lacks has been expanded. */
function isAdmitted({ world, rules }: Play, release: Release, place: Place): boolean {
  const schema = onBoard(world, place);
  const lacking = release.migrations?.filter((name) => schema[name] === undefined || schema[name] === 'expanding') ?? [];
  return rules.refusal(release, { ...schema, ...Object.fromEntries(lacking.map((name) => [name, 'expanded' as const])) }) === null;
}

/** What is due is contracted wherever a rollout goes, and nobody ships meanwhile. */
export function contract(play: Play): void {
  if (play.rollouts.length > 0) return;
  const names = dueNames(play);
  const { migrations } = play.world.ledger;
  const open = placesToContract(migrations.map(migrationState), names, play.world.ledger.document!);
  const works = places.filter((place) => open.includes(placeKey(place)) && isShipped(play, place)).map((place): Work =>
    ({ place, step: 'pending', names: names.filter((name) => ['expanded', 'contracting'].includes(onBoard(play.world, place)[name] ?? '')), undo: [] }));
  if (works.length > 0) play.rollouts.push({ id: `shop-${play.next++}`, work: 'contract', release: null, works });
}

function dueNames({ world, rules }: Play): string[] {
  try {
    return rules.contract(world.ledger, nowOf(world));
  } catch (error) {
    if (error instanceof MeridianFailure) return [];
    throw error;
  }
}

/** The next thing that happens in a place of a rollout. */
export function advance(play: Play, rollout: Rollout, work: Work): void {
  play.seen.push(`${rollout.work} ${work.step}`);
  switch (work.step) {
    case 'pending': return rollout.work === 'ship' ? beginExpand(play, rollout, work) : beginContract(play, work);
    case 'expanding': return endExpand(play, work);
    case 'expanded': return beginDeploy(play, rollout, work);
    case 'deploying': return deploy(play, rollout, work);
    case 'soaking': return soaked(play, rollout, work);
    case 'contracting': return endContract(play, work);
    case 'contracted': return move(work, 'done');
    case 'undoing': return undoNext(play, rollout, work);
    case 'done':
    case 'over':
  }
}

function move(work: Work, step: Step): void {
  work.step = step;
}

function beginExpand(play: Play, { id }: Rollout, work: Work): void {
  const { phases, claims } = databaseAt(play, work);
  if (work.names.length === 0) return move(work, 'expanded');
  work.undo.push({ step: 'expand', migrations: work.names });
  for (const name of work.names) {
    (claims[name] ??= {})[placeKey(work.place)] ??= id;
    phases[name] ??= 'expanding';
  }
  move(work, 'expanding');
}

function endExpand(play: Play, work: Work): void {
  const { phases } = databaseAt(play, work);
  for (const name of work.names) if (phases[name] === 'expanding') phases[name] = 'expanded';
  tellSchema(play.world, work.place);
  move(work, 'expanded');
}

/** The database has the last word. */
function beginDeploy(play: Play, { id, release }: Rollout, work: Work): void {
  const { world, rules } = play;
  const { place } = work;
  const refusal = rules.asksDatabase ? rules.refusal(release!, databaseAt(play, work).phases) : null;
  if (refusal !== null || rules.tellsAnswers) tellSchema(world, place);
  if (refusal !== null) return move(work, 'undoing');
  const previous = world.runs[placeKey(place)] ?? null;
  world.ledger = noteFound(world.ledger, place, previous, nowOf(world));
  work.undo.push({ step: 'deploy', from: release!, previous, key: id });
  tell(world, { ...place, rollout: id, status: 'changing', release: previous, verified: false });
  move(work, 'deploying');
}

function deploy({ world }: Play, { id, release }: Rollout, work: Work): void {
  world.runs[placeKey(work.place)] = release;
  tell(world, { ...work.place, rollout: id, status: 'soaking', release, verified: false });
  move(work, 'soaking');
}

function soaked({ world }: Play, { id, release }: Rollout, work: Work): void {
  tell(world, { ...work.place, rollout: id, status: 'live', release, verified: true });
  move(work, 'done');
}

function beginContract(play: Play, work: Work): void {
  const { world } = play;
  const { phases } = databaseAt(play, work);
  const isStranger = (world.runs[placeKey(work.place)]?.version ?? null) !== cellOf(world, work.place).release;
  if (isStranger || work.names.some((name) => phases[name] === undefined || phases[name] === 'expanding')) return move(work, 'undoing');
  const oneWay = world.ledger.migrations.filter(({ migration }) => isOneWay(migration)).map(({ migration }) => migration.name);
  const reversible = work.names.filter((name) => !oneWay.includes(name));
  if (reversible.length > 0) work.undo.push({ step: 'contract', migrations: reversible });
  for (const name of work.names) if (phases[name] === 'expanded') phases[name] = 'contracting';
  move(work, 'contracting');
}

function endContract(play: Play, work: Work): void {
  const { phases } = databaseAt(play, work);
  for (const name of work.names) phases[name] = 'contracted';
  tellSchema(play.world, work.place);
  move(work, 'contracted');
}

/** One compensation after the other. */
function undoNext(play: Play, rollout: Rollout, work: Work): void {
  const [undo] = play.rules.undoOrder(work.undo);
  if (undo === undefined) return move(work, 'over');
  play.seen.push(`undo ${undo.step}`);
  work.undo = work.undo.filter((each) => each !== undo);
  if (undo.step === 'deploy') return putBack(play, rollout, work, undo);
  if (undo.step === 'expand') undoExpand(play, rollout, work, undo.migrations);
  else undoContract(play, work, undo.migrations);
  tellSchema(play.world, work.place);
}

/** Where nobody can say what to put back, a person takes the place over, and the schema stays. */
function putBack({ world, rules }: Play, { id }: Rollout, work: Work, { from, previous }: { from: Release; previous: Release | null }): void {
  const to = undoTarget(world, work.place, from, previous, rules);
  if (to === undefined) {
    work.undo = [];
    return tell(world, { ...work.place, rollout: id, status: 'stuck', release: from, verified: false, revoked: from.version });
  }
  world.runs[placeKey(work.place)] = to;
  tell(world, { ...work.place, rollout: id, status: to === null ? 'empty' : 'live', release: to, verified: false, revoked: from.version });
}

function undoExpand(play: Play, { id }: Rollout, work: Work, names: string[]): void {
  const { phases, claims } = databaseAt(play, work);
  for (const name of names) {
    if (claims[name]?.[placeKey(work.place)] === id) delete claims[name][placeKey(work.place)];
    const isClaimed = Object.keys(claims[name] ?? {}).length > 0;
    if (!isClaimed || !play.rules.keepsClaims) delete phases[name];
    else play.seen.push('kept');
  }
}

function undoContract(play: Play, work: Work, names: string[]): void {
  const { phases } = databaseAt(play, work);
  for (const name of names) if (phases[name] === 'contracting' || phases[name] === 'contracted') phases[name] = 'expanded';
}

/** It fails here, or its effect has taken place and the answer is lost. */
export function fail(play: Play, rollout: Rollout, work: Work, isLate: boolean): void {
  if (['done', 'undoing', 'over'].includes(work.step)) return;
  if (isLate && work.step === 'deploying') play.world.runs[placeKey(work.place)] = rollout.release;
  move(work, 'undoing');
}

/** All of it goes back, what was done as well. */
export function rollBack({ works }: Rollout): void {
  for (const work of works) if (work.step !== 'over') move(work, 'undoing');
}

/** Its places are settled; or those that have not begun never do. */
export function end(play: Play, rollout: Rollout): void {
  if (rollout.works.some(({ step }) => !['pending', 'done', 'over'].includes(step))) return;
  play.rollouts = play.rollouts.filter((each) => each !== rollout);
}

/** A person takes back what a release has passed in a place. */
export function revoke({ world }: Play, place: Place): void {
  const { release } = cellOf(world, place);
  if (release === null || !world.ledger.releases.some((known) => known.release.version === release)) return;
  world.ledger = revokeRelease(world.ledger, { ...place, release, by: 'ana', reason: 'r' }, nowOf(world)).ledger;
}

/** The document has one region of production more or less. What nobody has looked at cannot be known once it is dropped. */
export function redocument(play: Play, keeps: boolean): void {
  const { world } = play;
  if (!keeps && cellOf(world, places[2]!).status === 'unknown') return;
  const document = documentOf({ staging: ['sydney'], production: keeps ? ['frankfurt', 'virginia'] : ['frankfurt'] });
  world.ledger = applyDocument(world.ledger, document, 'ana', nowOf(world));
}
