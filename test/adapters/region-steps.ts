import type { DeployStep, Place, UndoStep } from '../../activities/ports/region-target.js';

/** Steps in sydney, for tests of targets. `TOKEN` is secret, `CURRENCY` is not. */
export const place: Place = {
  pipeline: 'shop',
  environment: 'production',
  region: 'sydney',
  variables: { CURRENCY: 'AUD', TOKEN: 'geheim-0815' },
  secretNames: ['TOKEN'],
};

export const deployStep: DeployStep = {
  ...place,
  key: 'shop-12/production/sydney/1/deploy/do',
  rollout: 'shop-12',
  release: { version: '1.1.0', config: { BANNER: 'hello' } },
  previous: { version: '1.0.0' },
};

export const undoStep: UndoStep = {
  ...place,
  key: 'shop-12/production/sydney/1/deploy/undo',
  rollout: 'shop-12',
  to: { version: '1.0.0' },
  from: { version: '1.1.0' },
  previous: '1.0.0',
  overwrite: false,
};
