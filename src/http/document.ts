import { documentErrors, type Section } from '../rollout/document/document-rules.js';
import { PipelineDocument } from '../rollout/schema/pipeline.js';
import { salvage } from './salvage.js';
import { check, type Checked } from './validation.js';

/** A pipeline document with every error at once: those of its shape, and those between the sections whose shape is right. */
export function checkDocument(input: unknown): Checked<PipelineDocument> {
  const shape = check(PipelineDocument, input);
  const { document, broken } = shape.ok ? { document: shape.value, broken: [] } : sectionsOf(input);
  const rules = documentErrors(document, broken).map(({ pointer, message }) => ({ pointer, detail: message }));
  if (shape.ok && rules.length === 0) return shape;
  return { ok: false, errors: [...(shape.ok ? [] : shape.errors), ...rules] };
}

/** The sections that can be held against each other: those that are right, and what is right of the others. */
function sectionsOf(input: unknown): { document: Partial<PipelineDocument>; broken: Section[] } {
  const given: Record<string, unknown> = typeof input === 'object' && input !== null ? { ...input } : {};
  const sections = Object.entries(PipelineDocument.shape).map(([name, schema]) => {
    const result = schema.safeParse(given[name]);
    const value: unknown = result.success ? result.data : salvage(name, given[name]);
    return { name, value, isBroken: !result.success && value === undefined };
  });
  return {
    document: Object.fromEntries(sections.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    broken: sections.flatMap(({ name, isBroken }) => (isBroken ? [name as Section] : [])),
  };
}
