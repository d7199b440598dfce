// The rules of this project that oxlint does not have. test/architecture/lint-rules.test.ts shows that each catches what it should.
import { layersRule } from './layers.js';
import { noClockRule } from './no-clock.js';
import { noModuleStateRule } from './no-module-state.js';

export default {
  meta: { name: 'meridian' },
  rules: { layers: layersRule, 'no-clock': noClockRule, 'no-module-state': noModuleStateRule },
};
