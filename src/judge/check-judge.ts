import { handicapOf } from './bar.js';
import { compareWithControls, openCheck, restoreCheck } from './check-start.js';
import type { Comparison, ComparisonState } from './evidence/comparison.js';
import { expectedBad } from './evidence/expected.js';
import type { Incident, IncidentState } from './evidence/incident.js';
import type { Objective, ObjectiveState } from './evidence/objective.js';
import type { Estimate } from './evidence/profile.js';
import { Silence, type SilenceState } from './evidence/silence.js';
import { counted, nothingCounted, type Tally } from './evidence/tally.js';
import { logMean } from './drift/hypotheses.js';
import { isRatio } from './kinds/ratio-reading.js';
import type { Reference } from './noise/noise.js';
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

/** Judges one check of one region, look after look. */
export class CheckJudge {
  /** Null before there is anything to compare with. */
  comparison: Comparison | null;
  readonly objective: Objective | null;
  readonly incident: Incident;
  readonly silence: Silence;
  private tally = nothingCounted;
  private controls: string[] = [];
  private lastAt: number | null = null;
  /** Time of the last look that could be compared, and of the last with requests. */
  private comparedAt: number | null = null;
  private askedAt: number | null = null;

  constructor(readonly settings: CheckSettings, start: { history: CheckLook[] } | { state: CheckState }) {
    const { times, deployAt } = settings;
    const state = 'state' in start ? start.state : undefined;
    const { comparison, objective, incident } = 'state' in start ? restoreCheck(settings, start.state) : openCheck(settings, start.history);
    this.comparison = comparison;
    this.objective = objective;
    this.incident = incident;
    this.silence = new Silence(times, deployAt, state?.silence);
    if (state) Object.assign(this, { tally: state.tally, controls: state.controls, lastAt: state.lastAt, comparedAt: state.comparedAt, askedAt: state.askedAt });
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
    if (this.comparison === null && Object.keys(look.controls).length > 0) this.comparison = compareWithControls(this.settings);
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
    this.tally = counted(this.tally, look, this.settings.check, expectedBad(look, { reference: this.reference, level: this.comparison?.level ?? 0, budget: this.objective?.budget ?? 1 }));
    if (this.tally.requests > requests) this.askedAt = t;
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
  get comparedLogE(): number {
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
    return handicapOf(this.comparison);
  }

  get effect(): (Estimate & { since: number }) | undefined {
    if (this.reference !== 'none') return this.comparison?.effect;
    return undefined;
  }

  get excluded(): number | undefined {
    return this.reference === 'none' ? undefined : this.comparison?.excluded;
  }

  /** It is not known that it was always so. */
  get mayBeWorse(): boolean {
    return this.figures.past === 0 || this.effect === undefined || this.effect.high >= Math.log(this.settings.margin);
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

  get figures(): Pick<Tally, 'requests' | 'bad' | 'looks' | 'beyond' | 'controlsBeyond' | 'attributable'> & { observed: number | null; controls: string[]; burn: number | null; replays: readonly number[]; past: number } {
    const { looks, requests, bad, last, beyond, controlsBeyond, attributable } = this.tally;
    const share = requests > 0 ? bad / requests : null;
    return {
      looks, requests, bad, beyond, controlsBeyond,
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
