import type { Rollout, WaitingFor } from '../rollout/schema/rollout.js';
import { groupWaits } from '../rollout/control/waits.js';
import { seconds } from './figures.js';
import { placeName } from './place-name.js';
import type { RenderOptions } from './render-options.js';
import { wrap } from './text-columns.js';

/** What a rollout waits for: each gate, freeze or drained region with its place, its time and who has said yes. */
export function waitLines({ waitingFor, why }: Rollout, { width, colours, now }: RenderOptions): string[] {
  return groupWaits(waitingFor).flatMap((group) => wrap(`${waitText(group, now)}${needsText(group, why)}`, width, '  ').map(colours.yellow));
}

function waitText(group: WaitingFor[], now: number): string {
  const [{ type, gate, until }] = group as [WaitingFor];
  const since = Math.min(...group.map((wait) => Date.parse(wait.since)));
  const left = until === undefined ? '' : `, ${seconds(Math.max(0, Date.parse(until) - now))} left`;
  const what = type === 'freeze' || type === 'drained' ? `${type} ${gate}` : gate;
  return `? ${what} (${whereOf(group)}), since ${seconds(Math.max(0, now - since))}${left}`;
}

/** What must be so, unless the sentence at the top has said it. */
function needsText([first]: WaitingFor[], why: string): string {
  const { needs, approvals = [] } = first!;
  const parts = [...(why.includes(needs) ? [] : [needs]), ...(approvals.length === 0 ? [] : [`so far ${approvals.map(({ by }) => by).join(', ')}`])];
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}

function whereOf(group: WaitingFor[]): string {
  const [{ environment, wave }] = group as [WaitingFor];
  const places = group.flatMap(({ region, tenant }) => (region === undefined ? [] : [placeName({ region, tenant })]));
  if (places.length > 0) return `${environment}/${places.join(', ')}`;
  return wave === undefined ? environment : `${environment}, wave ${wave}`;
}
