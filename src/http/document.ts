import { documentErrors, type Section } from '../rollout/document/document-rules.js';
import { PipelineDocument } from '../rollout/schema/pipeline.js';
import { check, type Checked } from './validation.js';

/** A pipeline document with every error at once: those of its shape, and those between the sections whose shape is right. */
export function checkDocument(input: unknown): Checked<PipelineDocument> {
  const shape = check(PipelineDocument, input);
  const { document, broken } = shape.ok ? { document: shape.value, broken: [] } : sectionsOf(input);
  const rules = documentErrors(document, broken).map(({ pointer, message }) => ({ pointer, detail: message }));
  if (shape.ok && rules.length === 0) return shape;
  return { ok: false, errors: [...(shape.ok ? [] : shape.errors), ...rules] };
}

function sectionsOf(input: unknown): { document: Partial<PipelineDocument>; broken: Section[] } {
  const given: Record<string, unknown> = typeof input === 'object' && input !== null ? { ...input } : {};
  const sections = Object.entries(PipelineDocument.shape).map(([name, schema]) => ({ name, result: schema.safeParse(given[name]) }));
  return {
    document: Object.fromEntries(sections.flatMap(({ name, result }) => (result.success ? [[name, result.data]] : []))),
    broken: sections.flatMap(({ name, result }) => (result.success ? [] : [name as Section])),
  };
}
