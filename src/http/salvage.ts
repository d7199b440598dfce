import type { z } from 'zod';
import type { Section } from '../rollout/document/document-rules.js';
import { RegionName, TenantName } from '../rollout/schema/names.js';
import { Phase, Region, Tenant } from '../rollout/schema/pipeline.js';

interface Entries {
  /** Of a mapping; absent for a list. */
  name?: z.ZodType;
  entry: z.ZodObject;
  /** Fields that the other sections can be held against without: what is wrong with one of them is no reason for another error. */
  apart: readonly string[];
}

/** Sections of many entries in which one that is wrong need not hide what the others, and other sections, get wrong. */
const sections: Partial<Record<Section, Entries>> = {
  regions: { name: RegionName, entry: Region, apart: ['weight', 'timezone', 'role', 'pair', 'offPeak', 'label', 'logo'] },
  tenants: { name: TenantName, entry: Tenant, apart: ['label', 'logo'] },
  lifecycle: { entry: Phase, apart: ['promotion', 'concurrency', 'tenants', 'gates', 'waveGates', 'regionGates', 'soak', 'target'] },
};

/** In place of a field that is wrong and cannot be absent. */
const standIns: Record<string, unknown> = { weight: 1 };

/** What is right of a section that its schema has refused; undefined where too little is. */
export function salvage(section: string, value: unknown): unknown {
  const entries = sections[section as Section];
  if (entries === undefined || typeof value !== 'object' || value === null) return undefined;
  const { name } = entries;
  if (name === undefined) return Array.isArray(value) && value.length > 0 ? allOrNothing(value.map((each: unknown) => entryOf(entries, each))) : undefined;
  const names = Object.keys(value);
  if (names.length === 0 || !names.every((each) => name.safeParse(each).success)) return undefined;
  const kept = allOrNothing(Object.values(value).map((each: unknown) => entryOf(entries, each)));
  return kept && Object.fromEntries(names.map((each, index) => [each, kept[index]]));
}

const allOrNothing = <T>(items: (T | undefined)[]): T[] | undefined =>
  (items.every((item) => item !== undefined) ? items : undefined);

/** The entry with those of its fields that are right; keys that nobody knows are passed over. */
function entryOf({ entry, apart }: Entries, value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(entry.shape)) {
    const asGiven = (schema as z.ZodType).safeParse(given[key]);
    const field = asGiven.success || !apart.includes(key) ? asGiven : (schema as z.ZodType).safeParse(standIns[key]);
    if (!field.success) return undefined;
    if (field.data !== undefined) kept[key] = field.data;
  }
  return kept;
}
