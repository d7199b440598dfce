import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import type { CliCommand, Context } from '../context.js';
import { examples } from '../examples.js';
import { exitCodes } from '../exit-codes.js';

export const openCommand: CliCommand = (act) =>
  new Command('open')
    .description('open a rollout in the Temporal UI; without one, the pages of the API')
    .argument('[rollout]', 'for example shop-3')
    .option('--print', 'only print the address')
    .addHelpText('after', examples('meridian open', 'meridian open shop-3 --print'))
    .action(act(async (context, rollout: string | undefined, options: { print?: true }) => {
      const url = rollout === undefined ? `${context.api.url}/docs` : await linkOf(context, rollout);
      context.result({ url }, () => url);
      if (!options.print && !(await openInBrowser(url))) context.say('No browser could be started here: open the address by hand.');
      return exitCodes.done;
    }));

async function linkOf({ api }: Context, id: string): Promise<string> {
  const { links } = await api.rollout(id);
  return links.temporal ?? links.self;
}

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Hands a web address to the desktop; false when there is nothing to hand it to. Other kinds of address are never handed on. */
async function openInBrowser(url: string): Promise<boolean> {
  if (!/^https?:$/.test(new URL(url).protocol)) return false;
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch {
    // The address is printed already; that no opener is installed is an answer.
    return false;
  }
  child.unref();
  return true;
}
