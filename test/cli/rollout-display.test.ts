import { Writable } from 'node:stream';
import headless from '@xterm/headless';
import picocolors from 'picocolors';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDisplay, jsonLines, type Screen } from '../../src/cli/rollout-display.js';
import type { Rollout } from '../../src/rollout/schema/rollout.js';
import { held, running, stuck, succeeded, waiting } from './sample-rollouts.js';

/** A terminal of 80 columns, and what stands on it. */
function terminal() {
  const emulator = new headless.Terminal({ cols: 80, rows: 40, allowProposedApi: true, convertEol: true });
  onTestFinished(() => emulator.dispose());
  const stdout = new Writable({ write: (chunk: Buffer, _encoding, done) => { emulator.write(chunk, done); } });
  const lines = (): string[] => Array.from({ length: 40 }, (_, row) => emulator.buffer.active.getLine(row)!.translateToString(true));
  const read = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => { emulator.write('', resolve); });
    return lines().join('\n').trimEnd().split('\n');
  };
  return { stdout: Object.assign(stdout, { isTTY: true, columns: 80, rows: 40 }), read };
}

const screenOn = (stdout: Screen['stdout'], isLive: boolean, said: string[] = []): Screen => ({
  isLive, stdout, colours: picocolors.createColors(isLive), width: 80, timezone: 'UTC', program: 'meridian', say: (text) => void said.push(text),
});

describe('at a terminal', () => {
  it('the screen shows one picture, whatever stood there before it', async () => {
    const { stdout, read } = terminal();
    const display = createDisplay(screenOn(stdout, true));
    onTestFinished(display.end);
    const fewer = (rollout: Rollout, count: number): Rollout => ({ ...rollout, regions: rollout.regions.slice(0, count) });
    for (const rollout of [running, waiting, fewer(running, 2), running, fewer(running, 3), stuck, held, succeeded]) {
      display.show(rollout);
      const shown = await read();
      expect(shown[0], shown.join('\n')).toContain(`shop ${rollout.release}  ${rollout.status}`);
      expect(shown.filter((line) => line.includes('  API  '))).toHaveLength(1);
      expect(shown.at(-1)).toContain('  Temporal  ');
      expect(shown.filter((line) => line.includes('wave'))).toHaveLength(rollout.regions.length);
    }
  });

  it('the last picture stays', async () => {
    const { stdout, read } = terminal();
    const display = createDisplay(screenOn(stdout, true));
    display.show(running);
    display.show(succeeded);
    display.end();
    stdout.write('$ ');
    const shown = await read();
    expect(shown[0]).toContain('✓ shop-3  shop 1.1.0  succeeded');
    expect(shown.at(-1)).toBe('$');
  });
});

describe('anywhere else', () => {
  it('there is a line for each change', () => {
    const said: string[] = [];
    const display = createDisplay(screenOn(terminal().stdout, false, said));
    [running, running, succeeded].forEach(display.show);
    display.end();
    expect(said[0]).toContain('shop-3 1.1.0: running.');
    expect(said.at(-1)).toBe('shop-3 1.1.0: succeeded. 1.1.0 is live and verified in staging and production.');
  });

  it('as JSON there is a value for each answer that is new', () => {
    const values: unknown[] = [];
    const display = jsonLines({ result: (value) => void values.push(value) });
    [running, running, succeeded].forEach(display.show);
    expect(values).toEqual([running, succeeded]);
  });
});
