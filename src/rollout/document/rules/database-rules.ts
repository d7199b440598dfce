import { durationMs } from '../../duration.js';
import type { Database } from '../../schema/database.js';
import type { PipelineDocument, Variable } from '../../schema/pipeline.js';
import { rule, type DocumentError } from './rule.js';
import { databasesIn, namesIn } from './templates-of.js';

type WithDatabases = Pick<PipelineDocument, 'database' | 'lifecycle'>;

/** The document is shown to people and stays in the history. No message repeats any part of the address. */
export const databasesKeepTheirPasswords = rule(['database', 'lifecycle', 'variables'], (document) =>
  urlsIn(document).flatMap(({ pointer, url }): DocumentError[] => {
    if (!isAddress(url)) return [{ pointer, message: 'this is no address of PostgreSQL: write postgres://user@host:5432/database, or {{ DATABASE_URL }} of a secret variable' }];
    const shown = document.variables.filter((variable) => !variable.secret && namesIn(url).includes(variable.name));
    if (passwordsIn(url).some((password) => !isSecret(password, document.variables))) return [{ pointer, message: writtenDown }];
    const telling = shown.find(holdsPassword);
    return telling === undefined ? [] : [{ pointer, message: `the variable ${telling.name} holds a password and is no secret; give it secret: true and its values by reference` }];
  }));

const writtenDown = 'a password is written down here, where everybody can read it: put the whole address into a secret variable and write {{ DATABASE_URL }}';

const urlsIn = (document: WithDatabases): { pointer: string; url: string }[] =>
  databasesIn(document).map(({ pointer, database }) => ({ pointer: `${pointer}/url`, url: database.url }));

const isAddress = (url: string): boolean => /^(\{\{|postgres(ql)?:\/\/)/.test(url.trim());

/** What stands where a password does: after the user, or as a parameter. */
function passwordsIn(url: string): string[] {
  const user = /^[a-z]+:\/\/[^/:@]*:([^@/]*)@/.exec(url.trim())?.[1];
  const parameters = [...url.matchAll(/[?&](?:ssl)?password=([^&]*)/g)].map(([, password]) => password!);
  return [...(user === undefined ? [] : [user]), ...parameters].filter((password) => password !== '');
}

/** Nothing but names of secrets. */
const isSecret = (text: string, variables: Variable[]): boolean =>
  text.replaceAll(/\{\{[^}]*\}\}/g, '').trim() === '' && namesIn(text).every((name) => variables.some((variable) => variable.name === name && variable.secret));

const holdsPassword = ({ default: standard, values }: Variable): boolean =>
  [standard, ...values.map((value) => ('value' in value ? value.value : undefined))].some((literal) => passwordsIn(String(literal ?? '')).length > 0);

/** A lag that nobody answers would keep every backfill waiting for ever. */
export const lagsAreMeasured = rule(['database', 'metrics', 'lifecycle'], (document) =>
  databasesIn(document).flatMap(({ pointer, database, phases }) => {
    if (database.lag?.metric === undefined) return [];
    const blind = phases.filter((phase) => (phase.metrics ?? document.metrics) === undefined).map(({ environment }) => environment);
    const message = `${blind.join(', ')} has no source of metrics to ask for the lag. Give metrics, or ask the database itself with lag.query`;
    return blind.length === 0 ? [] : [{ pointer: `${pointer}/lag/metric`, message }];
  }));

/** A statement that is stopped before it may get its lock never runs. */
export const databaseTimesFit = rule(['database', 'lifecycle'], (document) =>
  databasesIn(document).flatMap(({ pointer, database }) => [
    ...tooLong(pointer, database, 'lockTimeout', 'statementTimeout', 'a statement would be stopped before it got its lock'),
    ...tooLong(pointer, database, 'statementTimeout', 'timeout', 'a phase would be over before one of its statements'),
  ]));

type TimeName = 'lockTimeout' | 'statementTimeout' | 'timeout';

const tooLong = (pointer: string, database: Database, short: TimeName, long: TimeName, why: string): DocumentError[] =>
  durationMs(database[short]) <= durationMs(database[long]) ? [] : [{ pointer: `${pointer}/${short}`, message: `${short} is ${database[short]} and ${long} is ${database[long]}: ${why}` }];
