#!/usr/bin/env node
// The smallest deployer that works: a place is a file that says which release runs there. Put your own commands in its place.
// Meridian writes the step to standard input and reads the answer from standard output; docs/targets.md has every field.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const step = JSON.parse(readFileSync(0, 'utf8'));
const folder = path.join(tmpdir(), 'meridian-hello');
const place = [step.pipeline, step.environment, step.region, step.tenant].filter((name) => name !== undefined);
const file = path.join(folder, place.join('_'));

/** The version that runs there, or null. */
function running() {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // nothing was ever put there
  }
}

/** Puts a release there, or with null stops what runs. Doing it twice is the same as doing it once: a lost answer is asked for again. */
function put(release) {
  mkdirSync(folder, { recursive: true });
  if (release === null) rmSync(file, { force: true });
  else writeFileSync(file, release.version);
  return { status: 'done' };
}

const actions = {
  current: () => ({ status: 'done', release: running() }),
  deploy: () => put(step.release),
  verify: () => (running() === step.release.version ? { status: 'done' } : { status: 'failed', message: `${running()} runs there` }),
  undo: () => put(step.release),
};

console.log(JSON.stringify(actions[step.action]()));
