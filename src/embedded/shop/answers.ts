import { z } from 'zod';
import type { Shop, ShopPlace } from './shop.js';

/** What one region says about itself. */
export interface RegionAnswer extends ShopPlace {
  /** The version that answers there; null when nothing does. */
  release: string | null;
  /** Why there is no answer. */
  problem?: string;
}

const Health = z.object({ release: z.string() });

const answerMs = 3_000;

/** Asks every region itself which release it is: `GET /healthz`. Never throws: silence is an answer too. */
export const askRegions = ({ places }: Shop): Promise<RegionAnswer[]> => Promise.all(places.map(askRegion));

async function askRegion(place: ShopPlace): Promise<RegionAnswer> {
  try {
    const response = await fetch(`${place.url}/healthz`, { signal: AbortSignal.timeout(answerMs) });
    if (!response.ok) return { ...place, release: null, problem: `it answers ${response.status}` };
    return { ...place, release: Health.parse(await response.json()).release };
  } catch (error) {
    const { message, cause } = error as Error;
    return { ...place, release: null, problem: cause instanceof Error ? cause.message : message };
  }
}
