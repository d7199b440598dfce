import type { LeftOut, Plan, PlanAnswer } from '../rollout/schema/plan.js';
import { seconds } from './figures.js';
import { localSpan, localTime } from './local-time.js';
import { placeName } from './place-name.js';
import { plannedPhase } from './plan-phase.js';
import { plannedMigrations, pointOfNoReturn, wayBack } from './planned-migrations.js';
import { plannedTimes } from './plan-times.js';
import type { TableOptions } from './render-options.js';
import { deedOf } from './rollout-deed.js';
import { hanging, printable, wrap } from './text-columns.js';

/** A plan; that of a rollout which is under way has no expected times any more. */
type ShownPlan = Plan & Partial<Pick<PlanAnswer, 'timetable' | 'approvals'>>;

/** A plan as a person reads it before saying yes. */
export function renderPlan(plan: ShownPlan, options: TableOptions): string {
  const sections = [
    heading(plan, options),
    pointOfNoReturn(plan, options),
    ...plan.phases.map((phase) => plannedPhase(phase, options)),
    plannedMigrations(plan, options),
    leftOut(plan, options),
    approvals(plan, options),
    plan.timetable === undefined ? [] : plannedTimes(plan.timetable, options),
    plan.phases.length === 0 ? ['There is nothing to do.'] : summary(plan, options),
    plan.warnings.flatMap((warning) => hanging('! warning  ', printable(warning), options.width).map(options.colours.yellow)),
    hash(plan, options),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

const heading = ({ pipeline, release, revision, lane, work, migrations }: ShownPlan, { colours }: TableOptions): string[] =>
  [[colours.bold(`${pipeline} ${deedOf({ release, ...(work === 'contract' && { contract: migrations.map(({ name }) => name) }) })}`), ...(lane === 'hotfix' ? [colours.yellow('hot-fix')] : []), `by revision ${revision} of the document`].join('  ')];

/** Phases that are done, and places that share a reason in a line. */
function leftOut({ alreadyVerified, leftOut: places, work }: ShownPlan, { width, colours }: TableOptions): string[] {
  const done = work === 'contract' ? 'there is nothing to contract' : 'the release is verified in every region';
  const verified = alreadyVerified.map((environment) => `${environment}: ${done}`);
  const rest = [...groupBy(places, ({ environment, why }) => `${environment} ${why}`)].map(leftOutText);
  if (verified.length + rest.length === 0) return [];
  return [colours.bold('Left out'), ...[...verified, ...rest].flatMap((text) => hanging('  – ', printable(text), width))];
}

function leftOutText(group: LeftOut[]): string {
  const [{ environment, why }] = group as [LeftOut];
  const names = group.flatMap(({ region, tenant }) => placeOrTenant(region, tenant));
  return `${environment}${names.length === 0 ? '' : ` (${names.join(', ')})`}: ${why}`;
}

function placeOrTenant(region: string | undefined, tenant: string | undefined): string[] {
  if (region !== undefined) return [placeName({ region, tenant })];
  return tenant === undefined ? [] : [tenant];
}

const groupBy = <T>(items: T[], keyOf: (item: T) => string): T[][] =>
  [...new Set(items.map(keyOf))].map((key) => items.filter((item) => keyOf(item) === key));

function approvals({ approvals: needed = [] }: ShownPlan, { width, colours }: TableOptions): string[] {
  if (needed.length === 0) return [];
  return [
    colours.bold('Approvals needed'),
    ...needed.flatMap(({ gate, environment, scope, times, needs }) =>
      hanging('  – ', printable(`${gate} (${environment}), ${scope === 'phase' ? 'once' : `for each ${scope}, ${times} in all`}: ${needs}`), width)),
  ];
}

function summary(plan: ShownPlan, { width, timezone, program = 'meridian' }: TableOptions): string[] {
  const { expectedMs: { min, max }, timetable, next, pipeline, release, work } = plan;
  const soaks = `Soaks take ${seconds(min)}${max > min ? ` to ${seconds(max)}` : ''} in all.`;
  return [
    ...wrap(`${soaks}${timetable === undefined ? '' : ` ${expectation(timetable, timezone)}`}`, width),
    ...wayBack(plan, width),
    ...(next === null || work === 'contract' ? [] : wrap(`It ends before ${next}: \`${program} promote ${pipeline}-N\` ships ${release} on.`, width)),
  ];
}

function expectation({ start, end, latest }: PlanAnswer['timetable'], timezone: string): string {
  return `Expected ${localSpan(start, end, timezone)}, at the latest ${localTime(latest, timezone)}, when people answer at once.`;
}

/** What binds a start, or an approval, to this plan. */
const hash = ({ hash: digest, phases }: ShownPlan, { colours }: TableOptions): string[] =>
  phases.length === 0 ? [] : [colours.dim('To say yes to this plan and to nothing else:'), `  --plan ${digest}`];
