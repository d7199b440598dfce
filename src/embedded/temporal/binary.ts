import { SetupFailure } from '../setup-failure.js';
import type { Teller } from '../teller.js';
import { cached } from './cached.js';
import { goInstall } from './go-install.js';
import { onPath } from './on-path.js';
import { sdkDownload } from './sdk-download.js';
import type { TemporalSource } from './source.js';

/** Where a Temporal CLI is looked for, the quickest first. */
export const temporalSources = (home: string, env: NodeJS.ProcessEnv): TemporalSource[] => [
  onPath(env.PATH),
  cached(home),
  sdkDownload(home),
  goInstall(home, env),
];

/**
 * Path of a Temporal CLI that runs, from the first source that has one. Throws `SetupFailure` with what each source answered and
 * what to install.
 */
export async function getTemporalBinary(sources: TemporalSource[], tell: Teller, signal: AbortSignal): Promise<string> {
  const answers: string[] = [];
  for (const source of sources) {
    const found = await source.get(tell, signal);
    if ('path' in found) {
      tell.say(`Temporal CLI: ${found.path} (from ${source.name})`);
      return found.path;
    }
    tell.say(`No Temporal CLI from ${source.name}: ${found.missing}`);
    answers.push(`  - ${source.name}: ${found.missing}`);
  }
  throw new SetupFailure([
    'There is no Temporal CLI, and none could be fetched:',
    ...answers,
    'Install one of these and start again: the Temporal CLI (https://docs.temporal.io/cli, for example `brew install temporal`) or Go 1.25 or',
    'later (https://go.dev/dl). Or set TEMPORAL_ADDRESS to a Temporal server that runs already.',
  ].join('\n'));
}
