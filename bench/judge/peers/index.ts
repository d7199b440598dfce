import type { Peer } from '../peer.js';

/** In the order of the report's columns. */
export const peers: readonly Peer[] = [];
