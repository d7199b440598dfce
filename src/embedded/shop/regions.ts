import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployStep, RegionTarget } from '../../../activities/ports/region-target.js';
import { listRegions, reviveRegions } from '../../adapters/process-regions.js';
import { processTarget } from '../../adapters/process-target.js';
import { resolveVariables } from '../../adapters/references.js';
import { isSamePlace, placeKey } from '../../rollout/places.js';
import type { Release } from '../../rollout/schema/release.js';
import { regionSettings } from '../../rollout/document/settings.js';
import { fillIn } from '../../rollout/document/templates.js';
import { SetupFailure } from '../setup-failure.js';
import type { Teller } from '../teller.js';
import { firstRelease, shopRelease } from './release.js';
import type { Shop, ShopPlace } from './shop.js';

/**
 * Has every region run: those of an earlier start on what they ran before, adopted where they still live; the others on the shop's first
 * release. Throws `SetupFailure`, or what the target throws.
 */
export async function openRegions(home: string, shop: Shop, tell: Teller, signal: AbortSignal): Promise<void> {
  const revived = await reviveRegions(home, signal);
  for (const how of ['adopted', 'started'] as const) {
    const regions = revived.filter((each) => each.how === how);
    const verb = how === 'adopted' ? 'Found running' : 'Started again';
    if (regions.length > 0) tell.say(`${verb}: ${regions.map(({ environment, region, release }) => `${environment}/${region} on ${release}`).join(', ')}.`);
  }
  const known = new Set(revived.map(({ pipeline, ...place }) => `${pipeline}/${placeKey(place)}`));
  const fresh = shop.places.filter((place) => !known.has(`${shop.document.name}/${placeKey(place)}`));
  if (fresh.length === 0) return;
  tell.say(`Starting the shop ${firstRelease} in ${fresh.length} places: a second or two.`);
  // It brings no migrations: the database is made as this release needs it.
  const { migrations: _none, ...release } = await shopRelease(firstRelease);
  await Promise.all(fresh.map((place) => startRegion(home, shop, place, release, signal)));
}

/** Throws `SetupFailure` when a region of an earlier start stands on another port than this start would give it. */
export async function expectSamePorts(home: string, shop: Shop): Promise<void> {
  for (const { port, pipeline, ...found } of await listRegions(home)) {
    const place = shop.places.find((each) => pipeline === shop.document.name && isSamePlace(each, found));
    if (place !== undefined && place.port !== port) {
      throw new SetupFailure(
        `The regions under ${home} listen on other ports than this start would give them: ${placeKey(found)} on ${port}, not on ${place.port}. `
          + 'Start with the MERIDIAN_SHOP_PORT of before, or with another MERIDIAN_HOME.',
      );
    }
  }
}

async function startRegion(home: string, shop: Shop, { environment, region }: ShopPlace, release: Release, signal: AbortSignal): Promise<void> {
  const settings = regionSettings(shop.document, { environment, region });
  const { variables, secretNames } = await resolveVariables(settings.variables, { environment, region }, { ...process.env, ...shop.env });
  const target = fillIn(settings.target, { variables, environment, region, release: release.version });
  if (target.type !== 'process') throw new SetupFailure(`${environment}/${region} has no process target: \`npm start\` cannot start it on ${release.version}.`);
  const step: DeployStep = {
    key: `first-start/${environment}/${region}/${release.version}/do`,
    pipeline: shop.document.name, environment, region, rollout: 'first-start', variables, secretNames, release, previous: null,
  };
  const connected = processTarget({ home })(target);
  await connected.deploy(step, signal);
  await untilVerified(connected, step, signal);
}

/** The target itself gives up when the region does not become healthy in its `startTimeout`. */
async function untilVerified(target: RegionTarget, step: DeployStep, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await target.verify(step, signal);
    if (answer.status === 'done') return;
    await sleep(answer.retryAfterMs, undefined, { signal });
  }
}
