import { PipelineDocument } from '../../src/rollout/schema/pipeline.js';
import type { ShipOptions } from '../../src/rollout/schema/ship.js';

/** Written with as little as the schema allows: staging and production, each in three regions. */
export const shopText = {
  apiVersion: 'meridian/v1',
  kind: 'Pipeline',
  name: 'shop',
  owner: { team: 'payments', contact: '#payments-oncall' },
  regions: { virginia: { weight: 65 }, sydney: { weight: 5 }, frankfurt: { weight: 30 } },
  target: { type: 'webhook', url: 'http://127.0.0.1/hook' },
  lifecycle: [{ environment: 'staging' }, { environment: 'production' }],
};

export const shop = (changes: Record<string, unknown> = {}): PipelineDocument => PipelineDocument.parse({ ...shopText, ...changes });

/** Everything that is verified there: `<environment>/<region>` → when. */
export const verifiedIn = (...places: string[]): Record<string, string> => Object.fromEntries(places.map((place) => [place, '2026-11-21T10:00:00.000Z']));

/** How a release is shipped when nobody asks for anything special. */
export const shipOptions = (changes: Partial<ShipOptions> = {}): ShipOptions => ({ lane: 'normal', rehearse: false, ...changes });
