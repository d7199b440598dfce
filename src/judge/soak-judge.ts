import type { JudgedSoak, JudgeOptions } from './soak.js';
import type { Look } from './sample.js';
import type { SoakVerdict } from './verdict.js';

/** Everything that a judge keeps between two looks: JSON, some kilobytes for each check. Opaque to everyone else. */
export type JudgeState = Record<string, unknown>;

/** Judges one soak, look after look. Deterministic: the same looks give the same verdicts, whether it was saved in between or not. */
export interface SoakJudge {
  observe(look: Look): SoakVerdict;
  save(): JudgeState;
}

/**
 * A judge that has learned the noise of the checks from `history`, looks before the deploy, oldest first; it may be empty. Throws a
 * `RangeError` for a soak that cannot be judged.
 */
export function openJudge(soak: JudgedSoak, _history: Look[], _options: JudgeOptions = {}): SoakJudge {
  return placeholder(soak);
}

/** The judge that was saved. Options count from here on. */
export const restoreJudge = (state: JudgeState, _options: JudgeOptions = {}): SoakJudge => placeholder(state as unknown as JudgedSoak);

// Until the engine stands here.
const placeholder = (soak: JudgedSoak): SoakJudge => ({
  observe: ({ t }) => ({
    t, decision: t - soak.deployAt >= soak.soak.min ? 'pass' : 'continue', credited: t - soak.deployAt, logE: 0, explanation: 'a placeholder',
    checks: soak.checks.map(({ name, kind }) => ({
      name, kind, verdict: 'pass', observed: null, limit: null, evidence: 0, logE: 0, effect: null, interval: null, excluded: null,
      attributable: 0, controls: [], explanation: `${name}: a placeholder`,
    })),
  }),
  save: () => soak as unknown as JudgeState,
});
