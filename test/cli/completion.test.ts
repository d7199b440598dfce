import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bashCompletion } from '../../src/cli/completion/bash.js';
import { commandTreeOf } from '../../src/cli/completion/command-tree.js';
import { fishCompletion } from '../../src/cli/completion/fish.js';
import { zshCompletion } from '../../src/cli/completion/zsh.js';
import { createProgram } from '../../src/cli/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);

const tree = commandTreeOf(createProgram(() => () => Promise.resolve(), process));
const scripts = { bash: bashCompletion(tree), zsh: zshCompletion(tree), fish: fishCompletion(tree) };

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** A folder with the script, and with something to complete paths with. */
async function folderWith(shell: keyof typeof scripts): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'dist of shop'));
  await writeFile(path.join(folder, 'deploy.yaml'), '');
  await writeFile(path.join(folder, 'completion'), scripts[shell]);
  return folder;
}

/** What bash offers for the last of these words. */
async function offeredByBash(...words: string[]): Promise<string[]> {
  const cwd = await folderWith('bash');
  const script = 'source ./completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _meridian; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', ...words], { cwd });
  return stdout.split('\n').filter(Boolean);
}

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', (shell) => {
  it.skipIf(!isInstalled(shell))('is understood by the shell (skipped where it is not installed; .ci/run installs each)', async () => {
    const cwd = await folderWith(shell);
    await expect(run(shell, ['-n', './completion'], { cwd })).resolves.toMatchObject({ stderr: '' });
  });

  it('knows every command and every option', () => {
    for (const { name, options } of tree.commands) {
      expect(scripts[shell]).toContain(name);
      for (const { flags } of options) expect(scripts[shell]).toContain(shell === 'fish' ? `-l ${flags[0]!.slice(2)}` : flags[0]);
    }
  });
});

describe.skipIf(!isInstalled('bash'))('in bash (skipped where it is not installed)', () => {
  it.each([
    [['s'], ['schedule', 'schedules', 'ship', 'status', 'skip', 'server']],
    [['un'], ['unblock', 'undrain', 'unfreeze', 'unschedule']],
    [['ship', '--override'], ['--override-from']],
    [['st'], ['status']],
    [['--output', 'json', 'st'], ['status']],
    [['--output', ''], ['text', 'json']],
    [['ship', '--ti'], ['--timeout']],
    [['ship', '--ou'], ['--output']],
    [['completion', ''], ['bash', 'zsh', 'fish']],
    [['apply', '-f', 'dep'], ['deploy.yaml']],
    [['apply', '--file', 'd'], ['deploy.yaml', 'dist of shop']],
    [['digest', 'd'], ['dist of shop']],
    [['judge', 'r'], ['replay']],
    [['judge', 'replay', 'dep'], ['deploy.yaml']],
    [['judge', 'replay', '--ma'], ['--margin']],
    [['ship', '--artifact', 'd'], ['dist of shop']],
    [['ship', '--to', 'd'], []],
    [['ship', 'd'], []],
  ])('meridian %j offers %j', async (words, expected) => {
    expect((await offeredByBash('meridian', ...words)).toSorted()).toEqual(expected.toSorted());
  });
});

describe.skipIf(!isInstalled('fish'))('in fish (skipped where it is not installed; .ci/run installs it)', () => {
  it.each([['meridian st', 'status'], ['meridian completion b', 'bash'], ['meridian --output j', 'json'], ['meridian apply -f dep', 'deploy.yaml'], ['meridian ship --ti', '--timeout'], ['meridian judge re', 'replay']])(
    '%s offers %s',
    async (line, expected) => {
      const cwd = await folderWith('fish');
      const { stdout } = await run('fish', ['--no-config', '-c', `source ./completion; complete -C "${line}"`], { cwd });
      expect(stdout.split('\n').filter(Boolean).map((each) => each.split('\t')[0])).toEqual([expected]);
    },
  );
});
