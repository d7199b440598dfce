import { didYouMean } from '../../nearest-name.js';
import type { PipelineDocument } from '../../schema/pipeline.js';

export interface DocumentError {
  /** JSON pointer (RFC 6901) into the document. */
  pointer: string;
  message: string;
}

export type Section = keyof PipelineDocument;

/** One rule that holds sections of a document against each other. */
export interface Rule {
  reads: readonly Section[];
  check(document: PipelineDocument): DocumentError[];
}

/** A rule that sees no other sections than those that it says it reads. */
export const rule = <S extends Section>(reads: readonly S[], check: (document: Pick<PipelineDocument, S>) => DocumentError[]): Rule => ({
  reads,
  check,
});

/** More than these would help nobody, and each takes time that the sender of the document chooses. */
const mostErrors = 100;

/** The first ones of what a rule has found, before it puts them into words. */
export const fewOf = <Found>(found: Found[]): Found[] => found.slice(0, mostErrors);

/** The errors of items that repeat a name before them. */
export function repeated(names: readonly string[], pointerOf: (index: number) => string, kind: string): DocumentError[] {
  const seen = new Set<string>();
  const again = names.flatMap((name, index) => {
    if (seen.has(name)) return [index];
    seen.add(name);
    return [];
  });
  return fewOf(again).map((index) => ({ pointer: pointerOf(index), message: `the ${kind} ${names[index]} stands here a second time; name each once` }));
}

/** A name that is used where nothing is called so: `there is no region sidney; regions: sydney, virginia. Did you mean sydney?` */
export const unknownName = (kind: string, name: string, known: readonly string[]): string =>
  `there is no ${kind} ${name}; ${kind}s: ${known.length === 0 ? 'none' : shortened(known)}.${didYouMean(name, known)}`;

/** More names than these bury the one that is meant. */
const namesShown = 30;

export const shortened = (names: readonly string[]): string =>
  names.length <= namesShown ? names.join(', ') : `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`;
