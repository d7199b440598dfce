import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Release } from '../../src/rollout/schema/release.js';
import type { DoomedWork } from './process/doomed-worker.js';
import { noSignal, RegionUnderTest } from './process/region-under-test.js';

const program = fileURLToPath(new URL('process/doomed-worker.ts', import.meta.url));

interface End {
  killed: boolean;
  effects: string[];
}

/** Lets a worker of its own take the step until it is killed before its effect number `killBefore`. */
async function takeDoomed(work: DoomedWork): Promise<End> {
  const effectsIn = (stdout: string): string[] => stdout.split('\n').filter(Boolean);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, JSON.stringify(work)]);
    return { killed: false, effects: effectsIn(stdout) };
  } catch (error) {
    const { signal, stdout } = error as { signal?: string; stdout: string };
    if (signal !== 'SIGKILL') throw error;
    return { killed: true, effects: effectsIn(stdout) };
  }
}

/** Kills the worker before each of its effects in turn, on a new region each time, until one gets through alive. */
async function killAtEveryEffect(take: (killBefore: number) => Promise<End>): Promise<string[]> {
  for (let killBefore = 0; ; killBefore += 1) {
    const end = await take(killBefore);
    if (!end.killed) return end.effects;
  }
}

async function upgrade(): Promise<{ region: RegionUnderTest; old: Release; next: Release }> {
  const region = await RegionUnderTest.create();
  const [old, next] = [await region.release('1.0.0'), await region.release('1.1.0')];
  await region.run(old, 1);
  return { region, old, next };
}

// Each sweep starts some eight workers and twenty regions: long on a busy machine, and the limit is only there against hanging.
describe('a worker that is killed before any one of its effects', { timeout: 300_000 }, () => {
  it('leaves a deploy that the next worker finishes, with one process, started once', async () => {
    const effects = await killAtEveryEffect(async (killBefore) => {
      const { region, next } = await upgrade();
      const deploy = region.deployStep(next, 2);
      const end = await takeDoomed({ home: region.home, settings: region.settings(), step: { deploy }, killBefore });
      await region.target().deploy(deploy, noSignal);
      await region.verified(deploy);
      const at = `killed before effect ${killBefore} (after ${end.effects.join(', ')})`;
      expect(await region.starts(), at).toEqual(['1.0.0', '1.1.0']);
      expect(await region.processes(), at).toEqual([(await region.answer()).pid]);
      expect((await region.record()).process?.pid, at).toBe((await region.answer()).pid);
      return end;
    });
    // lock · stop the old · write the intent · start · write who it became · unlock
    expect(effects).toEqual(['link', 'rm', 'kill', 'rename', 'spawn', 'rename', 'rm']);
  });

  it('leaves an undo that the next worker finishes, with one process, started once', async () => {
    await killAtEveryEffect(async (killBefore) => {
      const { region, old, next } = await upgrade();
      await region.run(next, 2);
      const undo = region.undoStep(next, old, 2);
      const end = await takeDoomed({ home: region.home, settings: region.settings(), step: { undo }, killBefore });
      await region.target().undo(undo, noSignal);
      await region.verified(region.deployStep(old));
      const at = `killed before effect ${killBefore} (after ${end.effects.join(', ')})`;
      expect(await region.starts(), at).toEqual(['1.0.0', '1.1.0', '1.0.0']);
      expect(await region.processes(), at).toEqual([(await region.answer()).pid]);
      return end;
    });
  });

  it('leaves a deploy that can be undone at once', async () => {
    await killAtEveryEffect(async (killBefore) => {
      const { region, old, next } = await upgrade();
      const end = await takeDoomed({ home: region.home, settings: region.settings(), step: { deploy: region.deployStep(next, 2) }, killBefore });
      await region.target().undo(region.undoStep(next, old, 2), noSignal);
      await region.verified(region.deployStep(old));
      const at = `killed before effect ${killBefore} (after ${end.effects.join(', ')})`;
      expect((await region.answer()).release, at).toBe('1.0.0');
      expect(await region.processes(), at).toEqual([(await region.answer()).pid]);
      return end;
    });
  });

  it('leaves a process behind, and the region says so even before anybody takes the step again', async () => {
    const { region, next } = await upgrade();
    // Six effects are through: the process has been started, and nobody has written down who it is.
    const end = await takeDoomed({ home: region.home, settings: region.settings(), step: { deploy: region.deployStep(next, 2) }, killBefore: 5 });
    expect(end.effects.at(-1)).toBe('spawn');
    expect((await region.record()).process).toBeNull();
    expect(await region.current()).toEqual(next);
    await region.verified(region.deployStep(next, 2));
  });
});
