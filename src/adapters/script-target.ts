import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RegionTarget } from '../../activities/ports/region-target.js';
import { durationMs, formatDuration } from '../rollout/duration.js';
import { MeridianFailure } from '../rollout/failure.js';
import type { ScriptTarget } from '../rollout/schema/target.js';
import { askingTarget } from './asking-target.js';
import { excerpt } from './excerpt.js';
import { outputLimit, runProgram, type ProgramEnd } from './run-program.js';
import { nameOf, stepFailure, stepUnknown } from './step-reply.js';
import { stepRequest, type Ask } from './step-request.js';

/** `EX_TEMPFAIL` of sysexits.h: not now, try again. */
const tryAgainCode = 75;

const linesShown = 5;

/** The system is short of something, not the program wrong. */
const shortages = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY']);

/**
 * Regions changed by programs of the operator's own, one argument list for each verb. Only programs inside `folder` run, never through a
 * shell, with PATH, HOME and LANG as their whole environment. The request stands on standard input as JSON, secret variables
 * included: the input of a process is its own, unlike its arguments. The answer is JSON on standard output.
 */
export function scriptTarget({ folder }: { folder: string | undefined }): (settings: ScriptTarget) => RegionTarget {
  return (settings) => {
    const who = (action: Ask['action']): string => `script ${path.basename(settings[action][0]!)}`;
    return askingTarget({
      who,
      async send(ask, signal) {
        const [name, ...args] = settings[ask.action];
        const { root, file } = await programIn(folder, name!, ask);
        const stdin = JSON.stringify(stepRequest(ask, ask.place.variables));
        const run = { file, args, cwd: root, env: environment(), stdin, timeoutMs: durationMs(settings.timeout), signal };
        const end = await runProgram(run).catch((error: unknown) => {
          signal.throwIfAborted();
          throw notStarted(ask, who(ask.action), error);
        });
        return outputOf(end, ask, who(ask.action), settings.timeout);
      },
    });
  };
}

/** The real path of a program, which must lie in the real path of the folder: no `..` and no link leads out of it. */
async function programIn(folder: string | undefined, name: string, ask: Ask): Promise<{ root: string; file: string }> {
  if (folder === undefined) throw misconfigured(ask, 'scripts do not run on this worker: set MERIDIAN_SCRIPTS to the folder that holds them');
  try {
    const root = await realpath(folder);
    const file = await realpath(path.resolve(root, name));
    if (!file.startsWith(root + path.sep)) throw misconfigured(ask, `${name} is not inside the folder of scripts (MERIDIAN_SCRIPTS)`);
    if (!(await stat(file)).isFile()) throw misconfigured(ask, `${name} is not a file`);
    await access(file, constants.X_OK);
    return { root, file };
  } catch (error) {
    if (error instanceof MeridianFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const problem = code === 'ENOENT' ? 'does not exist in the folder of scripts' : code === 'EACCES' ? 'may not be executed' : `cannot be used (${code})`;
    throw misconfigured(ask, `${name} ${problem} (MERIDIAN_SCRIPTS)`);
  }
}

const misconfigured = (ask: Ask, problem: string): MeridianFailure => new MeridianFailure('TargetMisconfigured', `${nameOf(ask.place)}: ${problem}`);

/** What a program needs to find others, and nothing of what the worker knows. */
const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: process.env.HOME ?? '/',
  LANG: 'C.UTF-8',
});

/** By its code only: Node quotes a bad argument, which may be a secret, in its message. */
function notStarted(ask: Ask, who: string, error: unknown): MeridianFailure {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return shortages.has(code) ? stepUnknown(ask, who, `could not be started (${code})`) : misconfigured(ask, `${who} could not be started (${code})`);
}

function outputOf(end: ProgramEnd, ask: Ask, who: string, timeout: string): string {
  const said = excerpt(end.errors.trimEnd().split('\n').slice(-linesShown).join('\n'), ask.place);
  const why = said === '' ? '' : `: ${said}`;
  switch (end.how) {
    case 'exited':
      if (end.code === 0) return end.output;
      if (end.code === tryAgainCode) throw stepUnknown(ask, who, `asks to be tried again${why}`);
      throw stepFailure(ask, who, `ended with exit code ${end.code}${why || ', without a word on standard error'}`);
    case 'killed':
      throw stepUnknown(ask, who, `was ended by ${end.by}${why}`);
    case 'timed-out':
      throw stepUnknown(ask, who, `did not end within ${formatDuration(durationMs(timeout))} and was stopped${why}`);
    case 'too-much-output':
      throw stepFailure(ask, who, `wrote more than ${outputLimit / 1024} KB to standard output`);
  }
}
