import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MeridianFailure } from '../rollout/failure.js';
import type { ResolvedVariable, VariableScope, VariableSource } from '../rollout/document/variables.js';

/** Longer than any key or certificate, shorter than what would fill an environment or a request. */
const sizeLimit = 64 * 1024;

/** Opens Meridian itself: never the value of a pipeline's variable, whoever may apply pipelines. */
const keptBack = /^(MERIDIAN_TOKENS|TEMPORAL_.*)$/;

/** The values of a place: never logged, never returned from an activity. */
export interface RegionVariables {
  variables: Record<string, string>;
  /** Those of `variables` that are secret. */
  secretNames: string[];
}

/**
 * Resolves every reference on this machine, from its environment or from a file of at most 64 KB, whose one trailing newline is cut.
 * Throws one `VariableMissing` for all references that cannot be resolved, naming each with its place and its source, never a value.
 */
export async function resolveVariables(
  variables: ResolvedVariable[], scope: VariableScope, env: NodeJS.ProcessEnv = process.env,
): Promise<RegionVariables> {
  const resolved = await Promise.all(variables.map(async ({ name, source }) => ({ name, ...(await resolveSource(source, env)) })));
  const problems = resolved.flatMap((each) => ('problem' in each ? [`${each.name}: ${each.problem}`] : []));
  if (problems.length > 0) {
    throw new MeridianFailure(
      'VariableMissing',
      `The worker cannot resolve ${problems.length === 1 ? 'a variable' : `${problems.length} variables`} of ${nameOf(scope)}. ${problems.join('. ')}.`,
    );
  }
  return {
    variables: Object.fromEntries(resolved.flatMap((each) => ('value' in each ? [[each.name, each.value]] : []))),
    secretNames: variables.filter((variable) => variable.secret).map((variable) => variable.name),
  };
}

const nameOf = ({ environment, region, tenant }: VariableScope): string =>
  [environment, region, tenant].filter((name) => name !== undefined).join('/');

type Resolution = { value: string } | { problem: string };

async function resolveSource(source: VariableSource, env: NodeJS.ProcessEnv): Promise<Resolution> {
  if ('value' in source) return { value: source.value };
  return 'env' in source.from ? fromEnvironment(source.from.env, env) : fromFile(source.from.file);
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): Resolution {
  if (keptBack.test(name)) return { problem: `the environment variable ${name} is Meridian's own and is not handed out` };
  const value = env[name];
  if (value === undefined) return { problem: `the environment variable ${name} is not set on the worker` };
  return value === '' ? { problem: `the environment variable ${name} is empty on the worker` } : { value };
}

async function fromFile(path: string): Promise<Resolution> {
  try {
    const bytes = await readBounded(path);
    if (bytes.length > sizeLimit) return { problem: `the file ${path} is larger than ${sizeLimit / 1024} KB` };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // A NUL ends the value wherever it is handed to a process, and the error that Node gives then quotes it.
    if (text.includes('\0')) return { problem: `the file ${path} is not text` };
    const value = text.replace(/\r?\n$/, '');
    return value === '' ? { problem: `the file ${path} is empty` } : { value };
  } catch (error) {
    return { problem: `the file ${path} ${whyUnreadable(error)}` };
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  // Non-blocking, so that a named pipe that nobody writes to does not hold the worker.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new NotAFile();
    const buffer = Buffer.alloc(sizeLimit + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

class NotAFile extends Error {}

function whyUnreadable(error: unknown): string {
  if (error instanceof NotAFile) return 'is not a regular file';
  if (error instanceof TypeError) return 'is not text in UTF-8';
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'does not exist on the worker';
  if (code === 'EACCES') return 'may not be read by the worker';
  return `cannot be read (${code ?? 'unknown error'})`;
}
