import { didYouMean } from '../rollout/nearest-name.js';
import { parseSelector, type Selector } from './series-selector.js';

/** What a source says of the names in its series. Throws `NamesUnknown`. */
export interface KnownNames {
  /** Label names of the series that a selector of `metric` matches: none for a metric that has not counted, `undefined` for an unknown one. */
  labelsOf(selector: string, metric: string): Promise<string[] | undefined>;
  /** Values of a label in the series of a metric. */
  valuesOf(metric: string, label: string): Promise<string[]>;
  /** Names of all metrics. */
  metrics(): Promise<string[]>;
}

/** The source did not say: the message says why. */
export class NamesUnknown extends Error {
  override readonly name = 'NamesUnknown';
}

/**
 * Why a selector can never match, whatever happens: it names a metric or a label that is not there, or writes a pattern as if it were a
 * value. That what it counts has not happened yet is no reason. `total` selects what the region has counted, where that is known.
 */
export async function whyItNeverMatches(query: string, total: string | undefined, names: KnownNames): Promise<string | undefined> {
  const selector = parseSelector(query);
  const { name } = selector;
  const isSameMetric = query !== total && total !== undefined && parseSelector(total).name === name;
  const labels = await names.labelsOf(isSameMetric ? total : name, name);
  if (labels === undefined) return `there is no metric ${name}.${didYouMean(name, await names.metrics()) || notYetCounted}`;
  // Declared, and nothing counted yet: its labels are not known. A histogram never counts under its own name.
  if (labels.length === 0) return await names.labelsOf(`${name}_bucket`, `${name}_bucket`) === undefined ? undefined : `${name} is a histogram, write ${name}_bucket or ${name}_count`;
  return wrongLabel(selector, labels) ?? wordForWord(selector, names);
}

const notYetCounted = ' If it has just not counted yet, let the service set it to 0 when it starts.';

function wrongLabel({ name, matchers }: Selector, labels: string[]): string | undefined {
  for (const { label, needsLabel } of matchers) {
    if (labels.includes(label)) continue;
    const hint = didYouMean(label, labels);
    // `canary!="true"` leaves out what may not be there; a label that is nearly another one is a slip.
    if (needsLabel || hint !== '') return `${name} has no label ${label}.${hint}`;
  }
  return undefined;
}

/** `status="5.."`, which is a status of two dots. */
async function wordForWord(selector: Selector, names: KnownNames): Promise<string | undefined> {
  for (const { label, value } of await unseen(selector, names)) {
    if (/\.\.|\.[*+]|\||\[.+\]/.test(value)) return `${label}="${value}" is taken word for word, and no series has it: write ${label}=~"${value}" for a pattern`;
  }
  return undefined;
}

/** At most so many of the values that there are instead. */
const shown = 5;

/** Values that a selector asks for and no series has yet, in words: they may come, and may be slips. */
export async function unseenValues(query: string, names: KnownNames): Promise<string[]> {
  const selector = parseSelector(query);
  const found = await unseen(selector, names).catch((error: unknown) => {
    if (error instanceof NamesUnknown) return [];
    throw error;
  });
  return found.map(({ label, value, values }) =>
    `no series of ${selector.name} has ${label}="${value}" so far, but ${values.slice(0, shown).join(', ')}${values.length > shown ? ', …' : ''}`);
}

async function unseen({ name, matchers }: Selector, names: KnownNames): Promise<{ label: string; value: string; values: string[] }[]> {
  const found: { label: string; value: string; values: string[] }[] = [];
  for (const { label, equals: value } of matchers) {
    if (value === undefined || value === '') continue;
    const values = await names.valuesOf(name, label);
    if (values.length > 0 && !values.includes(value)) found.push({ label, value, values });
  }
  return found;
}
