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
  return names.flatMap((name, index) => {
    const message = `the ${kind} ${name} stands here a second time; give each its own name`;
    return names.indexOf(name) < index ? [{ pointer: pointerOf(index), message }] : [];
  });
}
