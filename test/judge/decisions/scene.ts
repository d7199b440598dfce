import type { CheckLook, Look } from '../../../src/judge/sample.js';
import type { JudgedCheck, JudgedSoak, JudgeOptions } from '../../../src/judge/soak.js';
import { openJudge, restoreJudge, type JudgeState } from '../../../src/judge/soak-judge.js';
import type { SoakVerdict } from '../../../src/judge/verdict.js';
import { deployAt, looksOf, pastOf, usual } from '../looks.js';

export const ratioCheck: JudgedCheck = { name: 'errors', kind: 'ratio' };

/** Four hours of samples every 30 s. */
export const fourHours = 480;

export interface Scene {
  checks?: JudgedCheck[];
  soak?: Partial<JudgedSoak['soak']>;
  step?: number;
  more?: Partial<Pick<JudgedSoak, 'carried' | 'budgetLeft'>>;
  past?: (index: number) => CheckLook | Record<string, CheckLook>;
  /** Looks before the deploy. */
  history?: number;
  options?: JudgeOptions;
}

const learned = new Map<string, JudgeState>();

/** Soaks of 10 minutes at least and 20 at most, every 30 s, with four hours of the past. */
export function soakOf({ checks = [ratioCheck], soak, step = 30, more }: Scene): JudgedSoak {
  return { deployAt, step, checks, soak: { min: 20 * step, max: 40 * step, ...soak }, ...more };
}

/** What the judge says of these looks, one by one. What it learned of the same past is learned once. */
export function judged(scene: Scene, looks: Look[]): SoakVerdict[] {
  const { past = usual, history = fourHours, options = {}, step = 30 } = scene;
  const soak = soakOf(scene);
  const key = JSON.stringify([soak, String(past), history, options]);
  const state = learned.get(key) ?? openJudge(soak, pastOf(history, past, { step }), options).save();
  learned.set(key, state);
  const judge = restoreJudge(structuredClone(state), options);
  return looks.map((look) => judge.observe(look));
}

/** The same, of a script: what is seen at each look after the deploy. */
export const watched = (scene: Scene, count: number, of: (index: number) => CheckLook | Record<string, CheckLook>): SoakVerdict[] =>
  judged(scene, looksOf(count, of, { step: scene.step ?? 30 }));

/** Decision and cause, and how many looks in a row: `continue*19 pass*2`. */
export function story(verdicts: SoakVerdict[]): string {
  const words = verdicts.map(({ decision, cause }) => (cause === undefined ? decision : `${decision}/${cause}`));
  const runs: { word: string; count: number }[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.word === word) last.count += 1;
    else runs.push({ word, count: 1 });
  }
  return runs.map(({ word, count }) => `${word}*${count}`).join(' ');
}

/** Looks until a decision, counted from one; Infinity where it never comes. */
export const looksUntil = (verdicts: SoakVerdict[], decision: SoakVerdict['decision']): number => {
  const index = verdicts.findIndex((verdict) => verdict.decision === decision);
  return index === -1 ? Infinity : index + 1;
};

export const decisionsOf = (verdicts: SoakVerdict[]): string[] => [...new Set(verdicts.map(({ decision }) => decision))];
