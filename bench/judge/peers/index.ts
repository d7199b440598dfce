import type { Peer } from '../peer.js';
import { argoBaseline, argoObjective } from './argo.js';
import { burnRate } from './burn-rate.js';
import { cusumChart } from './cusum.js';
import { flaggerBaseline, flaggerObjective } from './flagger.js';
import { kayentaOnce, kayentaRepeated } from './kayenta.js';
import { lindonMalek } from './lindon-malek.js';
import { normalMixture } from './normal-mixture.js';

/** In the order of the report's columns. */
export const peers: readonly Peer[] = [
  kayentaOnce, kayentaRepeated, argoObjective, argoBaseline, flaggerObjective, flaggerBaseline, burnRate, lindonMalek, normalMixture, cusumChart,
];
