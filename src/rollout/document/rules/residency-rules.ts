import { didYouMean } from '../../nearest-name.js';
import { residencyProblems } from '../residency.js';
import { rule } from './rule.js';

/** Data stays where it may be. */
export const residencyIsKept = rule(['regions', 'tenants', 'residency'], residencyProblems);

/** A rule for nobody is most likely mistyped, and what it was meant for would be ruled by none. */
export const residencyRulesConcernSomebody = rule(['regions', 'tenants', 'residency'], ({ regions, tenants = {}, residency }) => {
  const used = [...new Set([...Object.values(regions), ...Object.values(tenants)].flatMap((each) => each.residency ?? []))];
  return Object.keys(residency?.allow ?? {}).filter((residence) => !used.includes(residence)).map((residence) => ({
    pointer: `/residency/allow/${residence}`,
    message: `no region and no tenant has the residency ${residence}; known: ${used.join(', ') || 'none'}.${didYouMean(residence, used)}`,
  }));
});
