import { formatDuration } from '../src/rollout/duration.js';
import type { PipelineState } from './messages.js';
import type { CheckResult, RegionState, Rollout } from '../src/rollout/schema/rollout.js';

// What the Temporal UI shows of a running workflow, as Markdown: the same words and the same table as the API.

export function rolloutDetails(rollout: Omit<Rollout, 'links'>): string {
  const rows = rollout.regions.map((region) =>
    `| ${region.environment} | ${region.wave} | ${region.region} | **${region.status}** | ${releaseText(region)} | ${soakText(region)} |`);
  return [
    `**${rollout.status}** — ${rollout.why}`,
    '',
    '| environment | wave | region | status | before → now | soak |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    ...rollout.waitingFor.map((gate) => `- waits for **${gate.gate}** ${gate.region ?? gate.environment}: ${gate.needs}`),
    '',
    ...rollout.timeline.slice(-12).map((entry) => `- ${entry.at.slice(11, 19)} ${entry.by ? `(${entry.by}) ` : ''}${entry.text}`),
  ].join('\n');
}

export function regionDetails(region: RegionState): string {
  return [
    `**${region.status}** — ${region.environment}/${region.region}, attempt ${region.attempts}, ${region.previous ?? 'nothing'} → ${region.release ?? 'nothing'}`,
    ...(region.failure ? ['', `> ${region.failure.code}: ${region.failure.message}`] : []),
    ...(region.soak ? ['', `Soak: ${soakText(region)}`, ...region.soak.checks.map(checkText)] : []),
  ].join('\n');
}

export function pipelineDetails(pipeline: PipelineState): string {
  return [
    `Revision ${pipeline.revision} by ${pipeline.updatedBy}, ${pipeline.updatedAt}. Owner: ${pipeline.document.owner.team} (${pipeline.document.owner.contact}).`,
    '',
    '| environment | region | release | verified | last known good | status |',
    '|---|---|---|---|---|---|',
    ...pipeline.board.map((cell) =>
      `| ${cell.environment} | ${cell.region} | ${cell.release ?? '–'} | ${cell.verified ? 'yes' : 'no'} | ${cell.lastKnownGood ?? '–'} | ${cell.status} |`),
    '',
    `Running: ${[...new Set(Object.values(pipeline.locks))].join(', ') || 'nothing'}. Waiting in line: ${pipeline.queue.join(', ') || 'nobody'}.`,
  ].join('\n');
}

const releaseText = ({ status, previous, release }: RegionState): string =>
  status === 'pending' ? '' : `${previous ?? 'nothing'} → ${release ?? 'nothing'}`;

const soakText = ({ soak }: RegionState): string =>
  soak ? `${formatDuration(soak.credited)} of ${formatDuration(soak.required)}` : '';

const checkText = (check: CheckResult): string => `- ${check.name}: **${check.verdict}** — ${check.explanation}`;
