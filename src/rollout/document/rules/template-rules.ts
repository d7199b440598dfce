import { didYouMean } from '../../nearest-name.js';
import { placesOfPhase } from '../phase-places.js';
import { placeKey } from '../../places.js';
import { builtInNames, templateNames } from '../templates.js';
import { fewOf, rule, shortened } from './rule.js';
import { namesIn, namesOfRegions, templatesOf, type TemplateText } from './templates-of.js';

/** Double braces hold a name and nothing else. */
export const templatesParse = rule(['target', 'database', 'metrics', 'checks', 'lifecycle'], (document) =>
  templatesOf(document).flatMap(({ pointer, text }) => {
    try {
      templateNames(text);
      return [];
    } catch (error) {
      return [{ pointer, message: error instanceof Error ? error.message : String(error) }];
    }
  }));

/** Every `{{ NAME }}` is a variable of the pipeline or built in: a typo is found here and not in the middle of a rollout. */
export const templatesNameVariables = rule(['target', 'database', 'metrics', 'checks', 'lifecycle', 'variables'], (document) => {
  const declared = document.variables.map(({ name }) => name);
  const known = (before: TemplateText['before']): string[] => [...declared, ...builtInNames.filter((name) => before === 'region' || !namesOfRegions.includes(name))];
  const knownBefore = { region: new Set(known('region')), wave: new Set(known('wave')), phase: new Set(known('phase')) };
  const unknown = templatesOf(document).flatMap(({ pointer, text, before }) =>
    [...new Set(namesIn(text))].filter((name) => !knownBefore[before].has(name)).map((name) => ({ pointer, name, before })));
  return fewOf(unknown).map(({ pointer, name, before }) => ({ pointer, message: unknownMessage(name, before, [...knownBefore[before]]) }));
});

function unknownMessage(name: string, before: TemplateText['before'], known: string[]): string {
  if (namesOfRegions.includes(name)) return `{{ ${name} }} has no meaning before a ${before}, which is no region. Put the gate under regionGates, or leave the name out`;
  return `{{ ${name} }} is neither a variable of the pipeline nor built in; known: ${shortened(known)}.${didYouMean(name, known)}`;
}

/** Where the name of a tenant is asked for, each place has one. */
export const tenantNamesHaveTenants = rule(['regions', 'tenants', 'target', 'database', 'metrics', 'checks', 'lifecycle'], (document) => {
  const without = new Map(document.lifecycle.map((phase) => [phase, placesOfPhase(phase, document).find(({ tenant }) => tenant === undefined)]));
  return templatesOf(document).flatMap(({ pointer, text, phases, before }) => {
    if (before !== 'region' || !namesIn(text).includes('tenant.name')) return [];
    const place = phases.map((phase) => without.get(phase)).find((each) => each !== undefined);
    if (place === undefined) return [];
    const message = `{{ tenant.name }} has no value in ${placeKey(place)}: no tenant lives there. Use a variable that has a value for each tenant and for that region`;
    return [{ pointer, message }];
  });
});
