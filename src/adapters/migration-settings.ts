import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { MeridianFailure } from '../rollout/failure.js';
import { limits } from '../rollout/limits.js';
import { didYouMean } from '../rollout/nearest-name.js';
import { Backfill, Migration, MigrationName, Sync } from '../rollout/schema/migration.js';
import { fileOf, releaseFile, type MigrationTexts } from './migration-files.js';

/** `NAME.yaml`: what no SQL says. */
const Settings = z.strictObject({ backfill: Backfill.omit({ sql: true }).optional(), sync: z.array(Sync).max(20).optional() });

/** `release.yaml`. */
const ReleaseSettings = z.strictObject({ freeOf: z.array(MigrationName).max(limits.migrations).default([]) });

/** Throws `InvalidRequest`, which names the file. */
export function migrationFrom(texts: MigrationTexts): Migration {
  const { name, backfill: sql, settings } = texts;
  const file = fileOf(name, 'settings');
  const { backfill, sync } = settings === undefined ? {} : read(file, Settings, settings);
  if (backfill !== undefined && sql === undefined) {
    throw wrong(`${file} has the settings of a backfill: write its SQL in ${fileOf(name, 'backfill')}, or remove them.`);
  }
  const { 'expand.up': up, 'expand.down': down, 'contract.up': contractUp, 'contract.down': contractDown } = texts;
  return parse(name, Migration, {
    name,
    expand: { up, down },
    ...(sql !== undefined && { backfill: { ...backfill, sql } }),
    ...(sync !== undefined && { sync }),
    ...(contractUp !== undefined && { contract: { up: contractUp, ...(contractDown !== undefined && { down: contractDown }) } }),
  });
}

export const parseFreeOf = (text: string): string[] => read(releaseFile, ReleaseSettings, text).freeOf;

function read<T>(file: string, shape: z.ZodType<T>, text: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', version: '1.2', stringKeys: true, prettyErrors: false, lineCounter: lines });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw wrong(`${file}:${line}:${col}: ${problem.message}.`);
  }
  return parse(file, shape, document.toJS({ maxAliasCount: 50 }) ?? {});
}

function parse<T>(file: string, shape: z.ZodType<T>, value: unknown): T {
  const found = shape.safeParse(value);
  if (found.success) return found.data;
  throw wrong(found.error.issues.map((issue) => `${file}${issue.path.length === 0 ? '' : ` ${issue.path.join('.')}`}: ${explain(issue)}`).join('\n  '));
}

/** Every key that one of the files may have. */
const keys = [...Object.keys(Settings.shape), ...Object.keys(Backfill.shape), ...Object.keys(Sync.shape), ...Object.keys(ReleaseSettings.shape)];

const explain = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => `unknown key ${key}.${didYouMean(key, keys)}`).join(' ') : `${issue.message}.`);

const wrong = (message: string): MeridianFailure => new MeridianFailure('InvalidRequest', message);
