// A worker that takes one step and is killed, as by `kill -9`, just before its n-th effect on the world. Prints the effects it came to.
// Started by process-target-kills.test.ts with one argument: what to do, as JSON.
import childProcess from 'node:child_process';
import { writeSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { DeployStep, UndoStep } from '../../../activities/ports/region-target.js';
import { processTarget } from '../../../src/adapters/process-target.js';
import type { ProcessTarget } from '../../../src/rollout/schema/target.js';

export interface DoomedWork {
  home: string;
  settings: ProcessTarget;
  step: { deploy: DeployStep } | { undo: UndoStep };
  /** Counted from 0. */
  killBefore: number;
}

const { home, settings, step, killBefore } = JSON.parse(process.argv[2]!) as DoomedWork;

let count = 0;
const kill = process.kill.bind(process);

function beforeEffect(name: string): void {
  if (count === killBefore) kill(process.pid, 'SIGKILL');
  count += 1;
  writeSync(1, `${name}\n`);
}

/** The same function, which first reports that it is called. */
function watched<F extends (...args: never[]) => unknown>(name: string, effect: F): F {
  return ((...args: Parameters<F>) => {
    beforeEffect(name);
    return effect(...args);
  }) as F;
}

files.rename = watched('rename', files.rename);
files.link = watched('link', files.link);
files.rm = watched('rm', files.rm);
childProcess.spawn = watched('spawn', childProcess.spawn);
process.kill = watched('kill', kill);
syncBuiltinESMExports();

const target = processTarget({ home })(settings);
const signal = new AbortController().signal;
await ('deploy' in step ? target.deploy(step.deploy, signal) : target.undo(step.undo, signal));
