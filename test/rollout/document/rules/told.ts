import { documentErrors } from '../../../../src/rollout/document/document-rules.js';
import { shop } from '../../sample-document.js';

/** What the shop's document is told once `changes` are made to it: `/tenants/acme/regions/0: there is no region …` */
export const told = (changes: Record<string, unknown>): string[] => documentErrors(shop(changes)).map(({ pointer, message }) => `${pointer}: ${message}`);

/** The same, where only the places matter. */
export const toldAt = (changes: Record<string, unknown>): string[] => documentErrors(shop(changes)).map(({ pointer }) => pointer);

/** A phase of the shop, production in all regions. */
export const production = { environment: 'production' };
