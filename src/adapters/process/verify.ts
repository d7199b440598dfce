import type { DeployStep, StepAnswer } from '../../../activities/ports/region-target.js';
import { MeridianFailure } from '../../rollout/failure.js';
import { placeKey } from '../../rollout/places.js';
import { askHealth } from './health.js';
import { liveProcess } from './live.js';
import { lastLines } from './log-tail.js';
import { readRecord } from './record.js';
import type { RegionFolder } from './region-folder.js';

const retryAfterMs = 250;

/** How a process shows that it serves: 200 on this path, at the latest `startMs` after its start. */
export interface HealthRule {
  port: number;
  path: string;
  startMs: number;
}

/** Is the step's release there and healthy? `running` until it is; `VerifyFailed`, with the end of its log, when it will not be. */
export async function verifyProcess(folder: RegionFolder, step: DeployStep, rule: HealthRule, signal: AbortSignal): Promise<StepAnswer> {
  const where = placeKey(step);
  const expected = step.release.version;
  const record = await readRecord(folder, step);
  if (record.launch?.release.version !== expected) {
    throw new MeridianFailure('VerifyFailed', `${where} should run ${expected}, and ${record.launch ? `${record.launch.release.version} was started there since` : 'nothing was started there'}.`);
  }

  const health = await askHealth(rule.port, rule.path, signal);
  // Only after its answer: what answers on the port of a dead process is somebody else.
  if ((await liveProcess(record)) === null) throw await failed(folder, step, `${expected} has ended by itself in ${where}.`);
  if (health.healthy && (health.release ?? expected) === expected) return { status: 'done' };
  if (health.healthy) throw await failed(folder, step, `${where} should run ${expected} and answers that it is ${health.release}.`);
  const waitedMs = Date.now() - Date.parse(record.launch.startedAt);
  if (waitedMs > rule.startMs) {
    throw await failed(folder, step, `${expected} is not healthy in ${where} ${Math.round(waitedMs / 1_000)} s after its start: ${health.answer}.`);
  }
  return { status: 'running', retryAfterMs, message: `${expected} starts in ${where}: ${health.answer}` };
}

async function failed(folder: RegionFolder, step: DeployStep, what: string): Promise<MeridianFailure> {
  const secrets = Object.fromEntries(step.secretNames.map((name) => [name, step.variables[name] ?? '']));
  const lines = await lastLines(folder.log, secrets);
  return new MeridianFailure('VerifyFailed', `${what} The end of its log, ${folder.log}:\n${lines.join('\n')}`);
}
