import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandGroups } from '../../src/cli/commands.js';

/** Examples that a newcomer runs by the commands of their README. */
const names = ['au-us-eu', 'au-then-all', 'tenants-as-regions', 'night-windows'];

/** The command line as it is, except that no command does anything. Throws where a name, an argument or an option is not right. */
async function understand(args: string[]): Promise<void> {
  const program = new Command('meridian').exitOverride();
  for (const { commands } of commandGroups) for (const command of commands) program.addCommand(command(() => async () => {}).exitOverride());
  program.configureOutput({ writeErr: () => {} });
  await program.parseAsync(args, { from: 'user' });
}

/** Words as a shell takes them, for commands that quote with double quotes alone. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

const commandsIn = (readme: string): string[] =>
  [...readme.matchAll(/^ {4,}(?:MERIDIAN_USER=\w+ )?npx meridian (.+)$/gm)].map(([, line]) => line!.replace(/ {2,}#.*$/, ''));

describe.each(names)('the README of %s', (name) => {
  const readme = readFileSync(`examples/${name}/README.md`, 'utf8');
  const commands = commandsIn(readme);

  it('applies and plans the pipeline that stands beside it', () => {
    const { name: pipeline } = parse(readFileSync(`examples/${name}/pipeline.yaml`, 'utf8')) as { name: string };
    expect(commands).toContain(`apply -f examples/${name}/pipeline.yaml`);
    expect(commands).toContain(`plan ${pipeline} 1.0.0`);
    expect(readme).toContain('MERIDIAN_SCRIPTS=examples/hello npm start');
    expect(existsSync('examples/hello/region.mjs')).toBe(true);
  });

  it.each(commands)('gives a command that the command line understands: %s', async (line) => {
    await expect(understand(wordsOf(line))).resolves.toBeUndefined();
  });
});
