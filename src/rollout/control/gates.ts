import { formatDuration, durationMs } from '../duration.js';
import { MeridianFailure } from '../failure.js';
import { assertRole, type Actor } from './roles.js';
import type { AlertsGate, ApprovalGate, DependencyGate, Gate, MetricGate, WindowGate } from '../schema/gate.js';

/** Where a gate stands: before a phase, before a wave of it, or before a region (or a tenant in it). */
export interface GatePlace {
  environment: string;
  wave?: number | undefined;
  region?: string | undefined;
  tenant?: string | undefined;
}

/** Tells one gate of a rollout from every other: `production/go-no-go`, `production/wave 2/load`, `production/sydney/quiet-hours`. */
export const gateKey = ({ gate, ...place }: GatePlace & { gate: string }): string => `${scopeKey(place)}/${gate}`;

/** A wave is written with a space, which no name of a region has. */
function scopeKey({ environment, wave, region, tenant }: GatePlace): string {
  if (region !== undefined) return [environment, region, ...(tenant === undefined ? [] : [tenant])].join('/');
  return wave === undefined ? environment : `${environment}/wave ${wave}`;
}

/** In words: who must do what, or what must be so. `saw` is what the last look has found; of a window it is only when it opens, which is said apart. */
export const gateNeeds = (gate: Gate, saw?: string): string =>
  gate.type === 'window' ? windowNeeds(gate) : `${conditionOf(gate)}, within ${formatDuration(durationMs(gate.timeout))}${saw === undefined ? '' : `; seen last: ${saw}`}`;

function conditionOf(gate: Exclude<Gate, WindowGate>): string {
  switch (gate.type) {
    case 'approval':
      return approvalNeeds(gate);
    case 'metric':
      return metricNeeds(gate);
    case 'alerts':
      return alertsNeeds(gate);
    case 'dependency':
      return dependencyNeeds(gate);
    case 'webhook':
      return 'its webhook to answer open';
  }
}

function approvalNeeds({ roles, approvals, notStarter }: ApprovalGate): string {
  const count = approvals === 1 ? 'approval' : `approval of ${approvals} different people, each`;
  return `${count} by ${roles.join(' or ')}${notStarter ? ', not by the person who started the rollout' : ''}`;
}

function windowNeeds({ offPeak, days, from, to, timezone }: WindowGate): string {
  if (offPeak === true) return 'the off-peak hours of the region';
  return `${from} to ${to}${days ? ` on ${days.join(', ')}` : ''} ${timezone === undefined ? "in the region's own time" : `in ${timezone}`}`;
}

function metricNeeds({ min, max }: MetricGate): string {
  const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  return `a value of ${bounds.join(' and ')}`;
}

function alertsNeeds({ labels }: AlertsGate): string {
  const selector = Object.entries(labels).map(([name, value]) => `${name}="${value}"`).join(', ');
  return `no firing alert${selector ? ` with ${selector}` : ''}`;
}

const dependencyNeeds = ({ pipeline, release, environment }: DependencyGate): string =>
  `${pipeline}${release === undefined ? '' : ` ${release}`} to be verified ${environment === undefined ? 'here' : `in ${environment}`}`;

/** Throws when this person may not answer this gate: `RoleMissing` or `StarterMayNotApprove`. */
export function mayAnswer(gate: ApprovalGate, decision: Actor, startedBy: string): void {
  assertRole(decision, gate.roles, gate.name);
  if (gate.notStarter && decision.by === startedBy) {
    throw new MeridianFailure('StarterMayNotApprove', `${gate.name} needs a second person: ${decision.by} started this rollout.`);
  }
}
