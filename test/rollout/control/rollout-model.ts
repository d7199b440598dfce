import type { FailureCode } from '../../../src/rollout/failure.js';
import type { Decision, DecisionKind } from '../../../src/rollout/schema/decision.js';
import type { RolloutStatus } from '../../../src/rollout/states/statuses.js';
import type { Happening, RegionName, WaitName } from './played-rollout.js';

type Ended = 'succeeded' | 'rolled-back' | 'aborted' | 'failed' | 'superseded';
type Refusal = FailureCode | undefined;

/** What each thing that can be waited for takes, in the model's own words. */
const kindOf: Record<WaitName, 'people' | 'machine' | 'freeze' | 'drain'> = { 'go-no-go': 'people', load: 'machine', 'black-friday': 'freeze', oslo: 'drain' };
const regionOf: Partial<Record<WaitName, RegionName>> = { load: 'sydney', oslo: 'oslo' };
const needReason: readonly DecisionKind[] = ['abort', 'rollback', 'reject', 'skip', 'override'];

/** What people may expect of a rollout: a few facts, and no table. The status follows from the facts. */
export class RolloutModel {
  life: 'scheduled' | 'queued' | 'begun' | Ended = 'scheduled';
  isPaused = false;
  /** Something failed, and a person must say how it goes on. */
  isHeld = false;
  /** A person has answered a stuck undo, and nobody knows yet what came of it. */
  isMending = false;
  goal: 'rolled-back' | 'aborted' | undefined;
  isPromoted = false;
  waits = new Set<WaitName>();
  /** Who has approved. */
  yes = new Set<string>();
  stuck = new Set<RegionName>();
  /** Regions whose undo is on its way, and those that went wrong and were not begun again. */
  goingBack = new Set<RegionName>();
  wrong = new Set<RegionName>();

  get status(): RolloutStatus {
    if (this.life !== 'begun') return this.life;
    if (this.stuck.size > 0) return 'stuck';
    if (this.goal !== undefined) return 'rolling-back';
    if (this.isHeld) return 'held';
    if (this.isMending) return 'rolling-back';
    if (this.isPaused) return 'paused';
    return this.waits.size > 0 ? 'waiting' : 'running';
  }

  copy(): RolloutModel {
    const { waits, yes, stuck, goingBack, wrong } = this;
    const sets = { waits: new Set(waits), yes: new Set(yes), stuck: new Set(stuck), goingBack: new Set(goingBack), wrong: new Set(wrong) };
    return Object.assign(new RolloutModel(), this, sets);
  }

  private is(...statuses: RolloutStatus[]): boolean {
    return statuses.includes(this.status);
  }

  /** With what code a decision is refused; undefined when it is taken. */
  refusalOf(kind: DecisionKind, decision: Decision): Refusal {
    if (!this.makesSense(kind)) return 'DecisionRefused';
    if (needReason.includes(kind) && !decision.reason) return 'InvalidRequest';
    if (kind === 'approve' || kind === 'reject') return this.refusalOfAnswer(kind, decision);
    if (kind === 'override') return this.meant('override', decision).length === 1 ? missing(decision, 'admin') : 'DecisionRefused';
    if (kind === 'retry' || kind === 'skip') return this.regionsMeant(decision).length === 1 ? undefined : 'DecisionRefused';
    return undefined;
  }

  private makesSense(kind: DecisionKind): boolean {
    const goesOn = this.is('running', 'waiting', 'paused', 'held');
    const standsAt = this.is('waiting', 'paused', 'held');
    switch (kind) {
      case 'pause':
        return this.is('running', 'waiting');
      case 'resume':
        return this.is('scheduled', 'paused', 'held');
      case 'approve':
      case 'reject':
      case 'override':
        return standsAt && this.meant(kind, {}).length > 0;
      case 'retry':
        return this.is('stuck');
      case 'skip':
        return this.is('stuck') || (standsAt && this.waits.has('oslo'));
      case 'promote':
        return goesOn && !this.isPromoted;
      case 'rollback':
        return this.life === 'begun' && this.goal === undefined;
      case 'abort':
        return this.is('scheduled', 'queued') || (this.life === 'begun' && this.goal === undefined);
    }
  }

  /** What an answer can be meant for: people approve and reject what waits for people; a freeze or a drain nobody passes over. */
  private meant(kind: DecisionKind, { gate, region }: Pick<Decision, 'gate' | 'region'>): WaitName[] {
    return [...this.waits].filter((name) => (kind === 'override' ? ['people', 'machine'] : ['people']).includes(kindOf[name])
      && (gate === undefined || gate === name) && (region === undefined || region === regionOf[name]));
  }

  private regionsMeant({ region }: Decision): string[] {
    const asked: string[] = this.is('stuck') ? [...this.stuck] : [...this.waits].filter((name) => kindOf[name] === 'drain');
    return asked.filter((name) => region === undefined || region === name);
  }

  private refusalOfAnswer(kind: 'approve' | 'reject', decision: Decision): Refusal {
    if (this.meant(kind, decision).length !== 1) return 'DecisionRefused';
    if (missing(decision, 'sre')) return 'RoleMissing';
    if (kind === 'reject') return undefined;
    if (decision.by === 'ana') return 'StarterMayNotApprove';
    if (decision.plan?.startsWith('b')) return 'PlanChanged';
    return this.yes.has(decision.by) ? 'DecisionRefused' : undefined;
  }

  /** What becomes of the rollout when a decision is taken. */
  take(kind: DecisionKind, decision: Decision): void {
    const [meant] = this.meant(kind, decision);
    const doIt: Record<DecisionKind, () => void> = {
      pause: () => { this.isPaused = true; },
      resume: () => this.resume(),
      approve: () => this.approve(decision.by),
      override: () => { this.waits.delete(meant!); },
      reject: () => this.stop('aborted'),
      abort: () => this.stop('aborted'),
      rollback: () => this.stop('rolled-back'),
      retry: () => this.mend(this.regionsMeant(decision)),
      skip: () => (this.is('stuck') ? this.mend(this.regionsMeant(decision)) : void this.waits.delete('oslo')),
      promote: () => { this.isPromoted = true; },
    };
    doIt[kind]();
  }

  private resume(): void {
    if (this.life === 'scheduled') this.life = 'queued';
    this.isPaused = false;
    this.isHeld = false;
  }

  private approve(by: string): void {
    this.yes.add(by);
    if (this.yes.size >= 2) this.waits.delete('go-no-go');
  }

  private stop(goal: 'rolled-back' | 'aborted'): void {
    if (this.life !== 'begun') this.life = 'aborted';
    this.goal = goal;
    this.waits.clear();
  }

  private mend([region]: string[]): void {
    this.stuck.delete(region as RegionName);
    this.goingBack.add(region as RegionName);
    this.isMending = true;
    this.isHeld = false;
  }

  /** What becomes of it when something happens to it. */
  meet(happening: Happening): void {
    if ('wait' in happening) this.meetWait(happening.what, happening.wait);
    else if ('region' in happening) this.meetRegion(happening.what, happening.region);
    else if (happening.what === 'due') this.life = 'queued';
    else if (happening.what === 'admit') this.life = 'begun';
    else if (happening.what === 'finished') this.life = 'succeeded';
    else if (happening.what === 'all-back') this.life = this.goal!;
    else if (happening.what !== 'supersede') this.life = 'failed';
    else if (this.is('scheduled', 'queued', 'running', 'waiting', 'held')) this.life = 'superseded';
  }

  private meetWait(what: string, wait: WaitName): void {
    if (what === 'arrives') this.waits.add(wait);
    else this.waits.delete(wait);
    // While an undo is being seen to, that comes first: the region's end holds the rollout anyway.
    if (what === 'expires' && !this.isMending && this.stuck.size === 0) this.isHeld = true;
  }

  private meetRegion(what: string, region: RegionName): void {
    for (const facts of [this.stuck, this.goingBack, this.wrong]) facts.delete(region);
    if (what === 'sticks') this.stuck.add(region);
    if (what === 'rehearses') this.goingBack.add(region);
    if (what === 'rehearsed') this.goOnAfterRehearsal();
    if (!['fails', 'goes-back', 'closed-by-hand'].includes(what)) return;
    this.wrong.add(region);
    if (this.goal === undefined) this.hold();
  }

  /** A person has asked for another try and it has worked: what else was the matter is still the matter. */
  private goOnAfterRehearsal(): void {
    if (!this.isMending || this.goal !== undefined || this.stuck.size > 0 || this.goingBack.size > 0) return;
    this.isMending = false;
    if (this.isPaused || this.wrong.size > 0) this.hold();
  }

  private hold(): void {
    this.isHeld = true;
    this.isMending = false;
  }
}

const missing = ({ roles }: Decision, role: string): Refusal => (roles.includes(role) || roles.includes('*') ? undefined : 'RoleMissing');
