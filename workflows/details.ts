import { formatDuration } from '../src/rollout/duration.js';
import { minuteOf } from '../src/rollout/control/waits.js';
import { placeKey } from '../src/rollout/places.js';
import type { CheckResult, RegionState, Rollout } from '../src/rollout/schema/rollout.js';
import type { PipelineState } from './messages/pipeline.js';

// What the Temporal UI shows of a running workflow, as Markdown: the same words and the same table as the API.

export function rolloutDetails(rollout: Omit<Rollout, 'links'>): string {
  return [
    `**${rollout.status}** — ${rollout.why}`,
    ...rollout.overrides.map(({ by, what, reason }) => `\n⚠ ${by} passed over ${what}: ${reason}`),
    '',
    '| environment | wave | region | status | before → now | soak |',
    '|---|---|---|---|---|---|',
    ...phaseRows(rollout),
    '',
    ...(rollout.budget ? [`Error budget: ${Math.round(rollout.budget.spent)} of ${Math.round(rollout.budget.limit)} bad requests spent.`, ''] : []),
    ...rollout.waitingFor.map((wait) => `- waits for **${wait.gate}** of ${scopeOf(wait)}: ${wait.needs}${approvalsText(wait)}`),
    '',
    ...rollout.timeline.slice(-12).map((entry) => `- ${entry.at.slice(11, 19)} ${entry.by ? `(${entry.by}) ` : ''}${entry.text}`),
    '',
    `Plan \`${rollout.plan}\`${rollout.promoteTo ? `; goes on to ${rollout.promoteTo} when it has succeeded` : ''}`,
  ].join('\n');
}

/** A phase at rest, all of it live or all of it still to come, is one row; the one at work has a row for each place. */
function phaseRows({ regions, phase }: Pick<Rollout, 'regions' | 'phase'>): string[] {
  return [...new Set(regions.map(({ environment }) => environment))].flatMap((environment) => {
    const own = regions.filter((region) => region.environment === environment);
    const [first] = own;
    const isAtRest = environment !== phase && own.length > 3 && own.every(({ status, note }) => status === first!.status && note === undefined);
    if (!isAtRest || (first!.status !== 'live' && first!.status !== 'pending')) return own.map(regionRow);
    return [`| ${environment} | all | ${own.length} places: ${own.slice(0, 3).map(nameOf).join(', ')}, … | **${first!.status}** | ${first!.status === 'live' ? `→ ${first!.release}` : ''} | |`];
  });
}

const regionRow = (region: RegionState): string =>
  `| ${region.environment} | ${region.wave} | ${nameOf(region)} | **${region.status}**${region.note ? ` (${region.note})` : ''} | ${releaseText(region)} | ${soakText(region)} |`;

/** `sydney`, `sydney/acme`. */
const nameOf = ({ region, tenant }: { region: string; tenant?: string | undefined }): string => (tenant === undefined ? region : `${region}/${tenant}`);

function scopeOf({ environment, wave, region, tenant }: Rollout['waitingFor'][number]): string {
  if (region !== undefined) return placeKey({ environment, region, tenant });
  return wave === undefined ? environment : `wave ${wave} of ${environment}`;
}

const approvalsText = ({ approvals = [] }: Rollout['waitingFor'][number]): string =>
  (approvals.length === 0 ? '' : ` (so far: ${approvals.map(({ by }) => by).join(', ')})`);

export function regionDetails(region: RegionState): string {
  return [
    `**${region.status}** — ${placeKey(region)}, attempt ${region.attempts}, ${region.previous ?? 'nothing'} → ${region.release ?? 'nothing'}`,
    ...(region.note ? ['', region.note] : []),
    ...(region.failure ? ['', `> ${region.failure.code}: ${region.failure.message}`] : []),
    ...(region.soak ? ['', `Soak: ${soakText(region)}, **${region.soak.decision}** — ${region.soak.explanation}`, '', ...region.soak.checks.map(checkText)] : []),
  ].join('\n');
}

export function pipelineDetails(pipeline: PipelineState): string {
  return [
    `Revision ${pipeline.revision} by ${pipeline.updatedBy}, ${pipeline.updatedAt}. Owner: ${pipeline.document.owner.team} (${pipeline.document.owner.contact}).`,
    '',
    '| environment | region | release | verified | last known good | status |',
    '|---|---|---|---|---|---|',
    ...pipeline.board.map((cell) =>
      `| ${cell.environment} | ${nameOf(cell)} | ${cell.release ?? '–'} | ${verifiedText(cell)} | ${cell.lastKnownGood ?? '–'} | ${cell.status}${cell.drained ? `, drained (${cell.drained})` : ''} |`),
    '',
    ...pipeline.freezes.flatMap(({ name, holds }) => holds.map(({ owner, reason, to }) => `- frozen by **${name}** (${owner}: ${reason})${to ? ` until ${to}` : ''}`)),
    `Running: ${[...new Set(Object.values(pipeline.locks))].join(', ') || 'nothing'}. Waiting in line: ${pipeline.queue.join(', ') || 'nobody'}.`,
  ].join('\n');
}

const verifiedText = ({ verified, provisional }: PipelineState['board'][number]): string =>
  (verified ? `yes${provisional === undefined ? '' : `, watched on until ${minuteOf(provisional)}`}` : 'no');

const releaseText = ({ status, previous, release }: RegionState): string =>
  status === 'pending' ? '' : `${previous ?? 'nothing'} → ${release ?? 'nothing'}`;

const soakText = ({ soak }: RegionState): string =>
  soak ? `${formatDuration(soak.credited)} of ${formatDuration(soak.required)}` : '';

const checkText = (check: CheckResult): string => `- ${check.name}: **${check.verdict}** — ${check.explanation}`;
