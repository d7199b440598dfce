import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { meridian } from './run-cli.js';

const page = 'docs/judge-replay.md';
/** What a page has room for. */
const columns = 130;

/** A command that can be run here, and the lines below it that it has printed. */
const shown = /^ {4}npx meridian (judge replay .*examples\/judge.*)\n(?: {4}(?!npx).*\n)*/gm;

async function printed(command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await meridian({ url: 'http://127.0.0.1:1' }, ...command.split(' '));
  expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n').map((line) => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`));
  return [`npx meridian ${command}`, ...lines].map((line) => `    ${line}\n`).join('');
}

/** After a change of the judge: `npx vitest run test/cli/judge-replay-docs.test.ts -u`, and read what it says then. */
it('the page about replays shows what its commands print', async () => {
  const text = readFileSync(page, 'utf8');
  const commands = [...text.matchAll(shown)].map(([, command]) => command!);
  expect(commands.length).toBeGreaterThan(3);
  const outputs = await Promise.all(commands.map(printed));
  await expect(text.replaceAll(shown, () => outputs.shift()!)).toMatchFileSnapshot(path.resolve(page));
});

it('the soaks of the example are what their script makes', async () => {
  const folder = await temporaryFolder();
  copyFileSync('examples/judge/make.mjs', path.join(folder, 'make.mjs'));
  execFileSync(process.execPath, [path.join(folder, 'make.mjs')]);
  for (const file of ['good.jsonl', 'more-errors.jsonl']) {
    expect(readFileSync(path.join(folder, file), 'utf8') === readFileSync(`examples/judge/${file}`, 'utf8'), file).toBe(true);
  }
});
