import { didYouMean } from '../nearest-name.js';
import type { PipelineDocument } from '../schema/pipeline.js';

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

/** The errors of every item that repeats a name before it. */
export function repeated(names: readonly string[], pointerOf: (index: number) => string, kind: string): DocumentError[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    if (seen.has(name)) return [{ pointer: pointerOf(index), message: `the ${kind} ${name} stands here a second time; name each once` }];
    seen.add(name);
    return [];
  });
}

/** A name that is used where nothing is called so: `there is no region sidney; regions: sydney, virginia. Did you mean sydney?` */
export const unknownName = (kind: string, name: string, known: readonly string[]): string =>
  `there is no ${kind} ${name}; ${kind}s: ${known.length === 0 ? 'none' : shortened(known)}.${didYouMean(name, known)}`;

/** More names than these bury the one that is meant. */
const namesShown = 30;

const shortened = (names: readonly string[]): string =>
  names.length <= namesShown ? names.join(', ') : `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`;
