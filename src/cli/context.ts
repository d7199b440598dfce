import type { Command } from 'commander';
import picocolors from 'picocolors';
import { loadConfig, type Config } from '../config.js';
import { apiAddress } from './api-address.js';
import { createApiClient, type ApiClient } from './api-client.js';
import type { ExitCode } from './exit-codes.js';
import { userName } from './user-name.js';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** The part of `process` that the CLI uses, so that a test can hand in its own. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
}

/** The options of every command. */
export interface GlobalOptions {
  output: 'text' | 'json';
  api?: string;
  user?: string;
}

/** What the action of a command works with: one for each invocation. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly output: GlobalOptions['output'];
  readonly stdout: Surroundings['stdout'];
  /** For standard output; without effect when it is no terminal, or NO_COLOR is set. */
  readonly colours: Colours;
  /** Columns of the terminal as it is now, 80 when there is none. */
  readonly width: number;
  /** Time zone of this machine, as IANA names it: tables show times by the clock on the wall here. */
  readonly timezone: string;
  /** True when a picture may be drawn over and over: text for a person at a terminal. */
  readonly isLive: boolean;
  /** The environment, parsed; throws with the variable's name when it is not right. */
  readonly config: Config;
  /** The API that `--api`, MERIDIAN_API or the configuration names. */
  readonly api: ApiClient;
  /** How a person calls this command here: `meridian`, or `npx meridian`. */
  readonly program: string;
  /** Who acts: `--user`, MERIDIAN_USER or the user of the operating system. */
  readonly user: string;
  /** The result, on standard output: `value` as one line of JSON with `--output json`, otherwise `text`. */
  result: (value: unknown, text: () => string) => void;
  /** A message about what happens, on standard error with `--output json`, otherwise on standard output. */
  say: (text: string) => void;
  /** A message that is no part of the result, always on standard error. */
  warn: (text: string) => void;
}

/** Wraps the action of a command: builds its context from the global options and keeps its exit code. */
export type Act = <A extends unknown[]>(action: (context: Context, ...args: A) => Promise<ExitCode>) =>
  (this: Command, ...args: A) => Promise<void>;

/**
 * A file under commands/ exports one of these. What is heavy (Temporal, express) is imported inside the action, so that
 * `meridian status` and the completion of a shell start fast.
 */
export type CliCommand = (act: Act) => Command;

const wantsColour = ({ env, stdout }: Surroundings): boolean =>
  stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

export function createContext(surroundings: Surroundings, options: GlobalOptions): Context {
  const { env, stdout, stderr } = surroundings;
  const isJson = options.output === 'json';
  const config = once(() => loadConfig(env));
  const user = userName(options.user ?? env.MERIDIAN_USER);
  const api = once(() => createApiClient({ url: apiAddress(options.api ?? env.MERIDIAN_API, config), user, token: env.MERIDIAN_TOKEN }));
  return {
    env,
    output: options.output,
    stdout,
    colours: picocolors.createColors(!isJson && wantsColour(surroundings)),
    get width() { return stdout.columns ?? 80; },
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    isLive: !isJson && stdout.isTTY === true && env.TERM !== 'dumb' && !env.CI,
    get config() { return config(); },
    get api() { return api(); },
    // Set by npm for `npm start` and `npx meridian`: the command is then not on the PATH.
    program: env.npm_command ? 'npx meridian' : 'meridian',
    user,
    result: (value, text) => void stdout.write(`${isJson ? JSON.stringify(value) : text()}\n`),
    say: (text) => void (isJson ? stderr : stdout).write(`${text}\n`),
    warn: (text) => void stderr.write(`${text}\n`),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
