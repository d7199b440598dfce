import { Comparison, type ComparisonSettings, type ComparisonState } from './evidence/comparison.js';
import { Incident, type IncidentState } from './evidence/incident.js';
import { limitLooks } from './evidence/limits.js';
import { Objective, type ObjectiveState } from './evidence/objective.js';
import { exclusion, type Estimate } from './evidence/profile.js';
import { quantile } from './evidence/replays.js';
import { Silence, type SilenceState } from './evidence/silence.js';
import { counted, nothingCounted, type Tally } from './evidence/tally.js';
import { logMean } from './drift/hypotheses.js';
import { kindOf } from './kinds/kind-of.js';
import { isRatio } from './kinds/ratio-reading.js';
import { standardNoise, type Reference } from './noise/noise.js';
import { asCompared, usable } from './samples.js';
import type { CheckLook } from './sample.js';
import type { JudgedCheck } from './soak.js';
import type { JudgeTimes } from './times.js';

export interface CheckState {
  comparison: ComparisonState | null;
  objective: ObjectiveState | null;
  incident: IncidentState;
  silence: SilenceState;
  tally: Tally;
  /** Controls that were compared with at the last look. */
  controls: string[];
  /** Time of the last look (s since the epoch). */
  lastAt: number | null;
  /** Times of the last look that could be compared, and of the last with requests. */
  comparedAt: number | null;
  askedAt: number | null;
}

export interface CheckSettings {
  check: JudgedCheck;
  times: JudgeTimes;
  deployAt: number;
  soakMax: number;
  minSamples: number;
  margin: number;
}

/** Bars of evidence, as logarithms. */
export const failBar = Math.log(200);
/** What was bad once, a release that was rolled back say, makes nobody blind: the bar rises to 10,000 : 1 at most. */
const mostHandicap = Math.log(50);
/** Where the noise was not learned the bar is higher. */
const unlearnedBar = Math.log(1000);

/** Judges one check of one region, look after look. */
export class CheckJudge {
  private comparison: Comparison | null;
  readonly objective: Objective | null;
  private readonly incident: Incident;
  readonly silence: Silence;
  private tally = nothingCounted;
  private controls: string[] = [];
  private lastAt: number | null = null;
  /** Time of the last look that could be compared, and of the last with requests. */
  private comparedAt: number | null = null;
  private askedAt: number | null = null;

  constructor(readonly settings: CheckSettings, start: { history: CheckLook[] } | { state: CheckState }) {
    const { check, deployAt, times } = settings;
    const state = 'state' in start ? start.state : undefined;
    this.comparison = state ? this.restored(state) : this.openFrom('history' in start ? start.history : []);
    this.objective = this.objectiveFrom(state?.objective ?? undefined);
    this.incident = state ? Incident.restore(kindOf(check.kind), times, state.incident) : this.incidentFrom('history' in start ? start.history : []);
    this.silence = new Silence(times, deployAt, state?.silence);
    if (state) Object.assign(this, { tally: state.tally, controls: state.controls, lastAt: state.lastAt, comparedAt: state.comparedAt, askedAt: state.askedAt });
  }

  private restored({ comparison }: CheckState): Comparison | null {
    return comparison && Comparison.restore(this.comparing, comparison);
  }

  private objectiveFrom(state: ObjectiveState | undefined): Objective | null {
    const { kind, objective } = this.settings.check;
    if (kind !== 'ratio' || objective === undefined) return null;
    // Without the dust of binary fractions: 1 − 0.9 must not be less than 0.1.
    return new Objective(Number((1 - objective).toPrecision(12)), this.comparison?.noise.spread ?? standardNoise.ratio.spread, state);
  }

  private incidentFrom(history: CheckLook[]): Incident {
    const { check, times } = this.settings;
    return Incident.open(kindOf(check.kind), times, history.map((look) => asCompared(look, check)));
  }

  private get comparing(): ComparisonSettings {
    const { check, times, soakMax, margin } = this.settings;
    return { kind: kindOf(check.kind), times, margin, soakMax };
  }

  /** The past decides what the region is compared with; without a past the first look does. */
  private openFrom(history: CheckLook[]): Comparison | null {
    const looks = history.map((look) => asCompared(look, this.settings.check));
    const heard = looks.filter(({ region }) => region.kind === this.settings.check.kind);
    if (heard.length === 0) return null;
    const withControls = heard.filter(({ controls }) => Object.values(controls).some(({ kind }) => kind === this.settings.check.kind));
    return Comparison.open(this.comparing, looks, withControls.length * 10 >= heard.length ? 'controls' : 'past');
  }

  observe(t: number, original: CheckLook): void {
    const { check, times, deployAt } = this.settings;
    const look = asCompared(original, check);
    this.silence.observe(t, look.region);
    const missed = this.lastAt === null ? 0 : Math.max(0, Math.round((t - this.lastAt) / times.step) - 1);
    this.lastAt = t;
    // What happened before the deploy is in this look too: it says nothing of either.
    if (t - deployAt < times.step / 2) return;
    this.compare(look, { sinceDeploy: t - deployAt, missed }, t);
    if (look.region.kind === check.kind) this.count(usable(original, check.kind), t);
    else this.tally = { ...this.tally, beyond: 0 };
  }

  private compare(look: CheckLook, at: { sinceDeploy: number; missed: number }, t: number): void {
    if (this.comparison === null && Object.keys(look.controls).length > 0) {
      this.comparison = Comparison.open(this.comparing, [], 'controls');
    }
    this.incident.observe(t, look);
    if (this.comparison === null) return;
    const before = this.comparison.looks;
    this.controls = this.comparison.observe(look, at, this.leftOut(t));
    if (this.comparison.looks > before) this.comparedAt = t;
  }

  private count(look: CheckLook, t: number): void {
    const { requests } = this.tally;
    const { region, controls } = look;
    if (region.kind === 'ratio' && region.total > 0) this.objective?.observe(region, Object.values(controls).filter(isRatio));
    this.tally = counted(this.tally, look, this.settings.check, region.kind === 'ratio' ? this.expected(region.total, look) : 0);
    if (this.tally.requests > requests) this.askedAt = t;
  }

  /** Bad requests that there would have been without the release: by the controls, by the past, or by the budget. */
  private expected(total: number, { controls }: CheckLook): number {
    const level = Math.exp(this.comparison?.level ?? 0);
    const others = Object.values(controls).filter(isRatio);
    const asked = others.reduce((sum, other) => sum + other.total, 0);
    if (this.reference === 'controls' && asked > 0) return (total * level * others.reduce((sum, other) => sum + other.bad, 0)) / asked;
    if (this.reference === 'past') return total * level;
    return total * (this.objective?.budget ?? 1);
  }

  get reference(): Reference {
    return this.comparison?.noise.reference ?? 'none';
  }

  get isLearned(): boolean {
    return this.comparison?.noise.isLearned ?? false;
  }

  get budget(): number | null {
    return this.objective?.budget ?? null;
  }

  /** Evidence against the reference alone, carried evidence not included; as a logarithm. */
  private get comparedLogE(): number {
    return this.comparison === null || this.reference === 'none' ? 0 : this.comparison.logE;
  }

  /** Evidence as a logarithm, so that 200 : 1 fails: less where the past has shown as much by chance, or taught too little. */
  get logE(): number {
    return this.plainLogE - this.handicap;
  }

  private get plainLogE(): number {
    if (this.isLearned || this.objective === null) return this.comparedLogE;
    // Bad everywhere is not the release's doing.
    const objective = this.objective.controlBurn * 2 < this.objective.burn && this.mayBeWorse ? this.objective.logE : 0;
    return this.reference === 'none' ? objective : logMean([this.comparedLogE, objective]);
  }

  /** By how much the bar of this check lies above the usual one. */
  get handicap(): number {
    if (!this.isLearned) return unlearnedBar - failBar;
    return Math.max(0, Math.min(mostHandicap, quantile([...this.comparison!.replays], 0.995) - failBar));
  }

  get effect(): (Estimate & { since: number }) | undefined {
    if (this.reference !== 'none') return this.comparison?.effect;
    return undefined;
  }

  get excluded(): number | undefined {
    return this.reference === 'none' ? undefined : this.comparison?.excluded;
  }

  /** The effect is worth stopping for. */
  get isBeyondMargin(): boolean {
    const { margin } = this.settings;
    if ((this.effect?.effect ?? 0) >= Math.log(margin)) return true;
    return !this.isLearned && this.mayBeWorse && (this.objective?.burn ?? 0) >= margin;
  }

  /** It is not known that it was always so. */
  private get mayBeWorse(): boolean {
    return this.figures.past === 0 || this.effect === undefined || this.effect.high >= Math.log(this.settings.margin);
  }

  /** Compared with its own past only, it is not sure that the release did it: unless the objective, or a limit, is broken too. */
  get needsPerson(): boolean {
    if (this.reference !== 'past') return false;
    return !(this.objective !== null && this.objective.logE >= exclusion) && this.tally.beyond === 0;
  }

  /** Evidence from after the grace, against most controls by themselves: neither warm-up nor a control that has changed alone. */
  isBorneOut(t: number): boolean {
    if (this.reference === 'none' || !this.isLearned) return true;
    return this.comparison!.isLasting && this.comparison!.isAgreed && !this.isControlsDoing(t);
  }

  /** Controls have changed by themselves, and the region has not. */
  private isControlsDoing(t: number): boolean {
    const since = t - this.settings.times.incident;
    return this.incident.changed(since).length > 0 && !this.incident.hasRegionChanged(since);
  }

  /** The effect may be as large as the margin, and most controls bear it out: worth waiting for more evidence. */
  get isSuspicious(): boolean {
    if (this.reference === 'none' || !this.isLearned) return true;
    return (this.effect?.high ?? 0) >= Math.log(this.settings.margin) && this.comparison!.isAgreed;
  }

  /** The last looks show it by themselves. */
  get isPresent(): boolean {
    return this.isLearned && this.comparison!.isPresent;
  }

  get isCatastrophe(): boolean {
    if (!(this.objective?.isCatastrophe ?? false)) return false;
    return (!this.isLearned && this.mayBeWorse) || this.comparedLogE >= exclusion || (this.reference !== 'none' && !this.isCompared);
  }

  /** Beyond a hard limit for long enough, the controls within it. */
  get isBeyondLimit(): boolean {
    return this.tally.beyond >= limitLooks && !this.tally.controlsBeyond;
  }

  /** At least half of the controls have got worse by themselves. */
  isIncident(t: number): boolean {
    return this.incident.count > 0 && this.sick(t).length * 2 >= this.incident.count;
  }

  /** Controls that have changed by themselves are none; where most have, all of them are compared with. */
  private leftOut(t: number): string[] {
    const changed = this.incident.changed(t - this.settings.times.incident);
    return changed.length * 2 >= this.incident.count ? [] : changed;
  }

  /** Controls that got worse by themselves of late. */
  sick(t: number): string[] {
    return this.incident.sick(t - this.settings.times.incident);
  }

  /** Compared of late, as far as there is something to compare with: what was shown before the controls, or the requests, stopped coming is over. */
  get isCompared(): boolean {
    return this.reference === 'none' ? this.settings.check.kind === 'value' || this.isRecent(this.askedAt) : this.isRecent(this.comparedAt);
  }

  private isRecent(at: number | null): boolean {
    return at !== null && this.lastAt! - at < this.settings.times.silence;
  }

  /** An effect as large as the margin is excluded. */
  get isExcluded(): boolean {
    return this.reference !== 'none' && this.comparison!.isMarginExcluded;
  }

  /** Evidence for an effect as large as the margin, as a logarithm; below zero it speaks against one. */
  get marginLogE(): number {
    return this.reference === 'none' ? 0 : this.comparison!.marginLogE;
  }

  get figures(): Pick<Tally, 'requests' | 'bad' | 'looks' | 'beyond' | 'attributable'> & { observed: number | null; controls: string[]; burn: number | null; replays: readonly number[]; past: number } {
    const { looks, requests, bad, last, beyond, attributable } = this.tally;
    const share = requests > 0 ? bad / requests : null;
    return {
      looks, requests, bad, beyond,
      controls: this.controls,
      attributable: Math.max(0, attributable),
      observed: this.settings.check.kind === 'ratio' ? share : last,
      burn: this.objective === null || share === null ? null : share / this.objective.budget,
      replays: this.comparison?.replays ?? [],
      past: this.comparison?.noise.past ?? 0,
    };
  }

  save(): CheckState {
    return {
      tally: this.tally,
      controls: this.controls,
      lastAt: this.lastAt,
      comparedAt: this.comparedAt,
      askedAt: this.askedAt,
      comparison: this.comparison?.save() ?? null,
      objective: this.objective?.save() ?? null,
      incident: this.incident.save(),
      silence: this.silence.save(),
    };
  }
}
