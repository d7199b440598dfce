import { limits } from '../rollout/limits.js';
import { didYouMean } from '../rollout/nearest-name.js';
import { MigrationName } from '../rollout/schema/migration.js';

/** What a file of a migration holds, by the end of its name; the beginning is the name of the migration. */
const endings = {
  '.expand.sql': 'expand.up',
  '.expand.down.sql': 'expand.down',
  '.backfill.sql': 'backfill',
  '.contract.sql': 'contract.up',
  '.contract.down.sql': 'contract.down',
  '.yaml': 'settings',
} as const;

type Part = (typeof endings)[keyof typeof endings];

/** `freeOf` of the release. */
export const releaseFile = 'release.yaml';

/** The texts of one migration, by what they are. */
export type MigrationTexts = { name: string } & Partial<Record<Part, string>>;

/** How one would write the name of a migration's file. */
export const fileOf = (name: string, part: Part): string =>
  `${name}${Object.entries(endings).find(([, each]) => each === part)![0]}`;

/** Whether a file of this name is left alone: hidden ones, and what explains the folder. */
export const isLeftOut = (file: string): boolean => file.startsWith('.') || file === 'README.md';

/** Which part of which migration a file is; in words why it is none. `release.yaml` is none either, and not asked about. */
export function partOf(file: string): { name: string; part: Part } | string {
  const ending = longestFirst.find((each) => file.endsWith(each));
  if (ending === undefined) return `${file} is no file of a migration.${meant(file)} A migration has the files NAME${Object.keys(endings).join(', NAME')}; nothing else belongs here.`;
  const name = file.slice(0, -ending.length);
  if (name.includes('.')) return `${file} is no file of a migration.${meant(file)}`;
  const { success, error } = MigrationName.safeParse(name);
  return success ? { name, part: endings[ending] } : `${file}: ${name === '' ? 'its beginning' : name} is no name of a migration: ${error.issues[0]?.message}.`;
}

const longestFirst = (Object.keys(endings) as (keyof typeof endings)[]).toSorted((a, b) => b.length - a.length);

function meant(file: string): string {
  const dot = file.indexOf('.');
  if (dot === -1) return '';
  return didYouMean(file, [releaseFile, ...longestFirst.map((ending) => `${file.slice(0, dot)}${ending}`)]);
}

/** Why the texts are no whole migration, in words that say what to write; empty when they are. */
export function lacksOf(texts: MigrationTexts): string[] {
  const { name, settings } = texts;
  if (settings !== undefined && Object.keys(texts).length === 2) {
    return [`${fileOf(name, 'settings')} stands alone.${didYouMean(fileOf(name, 'settings'), [releaseFile]) || ` Write ${fileOf(name, 'expand.up')}, or remove it.`}`];
  }
  const lacks = (part: Part, what: string): string => `${name} has no ${fileOf(name, part)}: write there ${what}.`;
  const orphan = (part: Part, without: Part, what: string): string[] =>
    (texts[part] !== undefined && texts[without] === undefined ? [`${fileOf(name, part)} stands alone: write ${fileOf(name, without)}, ${what}, or remove it.`] : []);
  return [
    ...(texts['expand.up'] === undefined ? [lacks('expand.up', 'what adds the new shape')] : []),
    ...(texts['expand.down'] === undefined ? [lacks('expand.down', 'what takes the new shape away again, so that a rollout can be undone')] : []),
    ...orphan('contract.down', 'contract.up', 'what takes the old shape away'),
    ...blemishes(texts),
  ];
}

/** To PostgreSQL a text ends at a zero byte, and to a reader it goes on. */
const blemishes = ({ name, ...texts }: MigrationTexts): string[] =>
  (Object.entries(texts) as [Part, string][]).flatMap(([part, text]) => {
    if (text.includes('\0')) return [`${fileOf(name, part)} holds a zero byte: remove it.`];
    return text.trim() === '' ? [`${fileOf(name, part)} is empty: write something there, or remove it.`] : [];
  });

/** Largest file, in bytes: one text of SQL, in letters that take a byte each. */
export const fileBytes = limits.migrationBytes;
