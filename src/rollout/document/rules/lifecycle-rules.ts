import { repeated, rule } from './rule.js';

export const environmentsAreUnique = rule(['lifecycle'], ({ lifecycle }) =>
  repeated(lifecycle.map(({ environment }) => environment), (index) => `/lifecycle/${index}/environment`, 'environment'));

/** A walk that leaves out every phase ships nothing. */
export const somePhaseIsRequired = rule(['lifecycle'], ({ lifecycle }) =>
  lifecycle.some(({ optional }) => !optional) ? [] : [{
    pointer: '/lifecycle',
    message: 'every phase is optional, so a rollout would have nowhere to go; take optional: true away from one',
  }]);

/** The walk ends before a phase that is promoted by hand, so it needs one to begin with. */
export const walksBeginByThemselves = rule(['lifecycle'], ({ lifecycle }) => {
  const firstRequired = lifecycle.findIndex(({ optional }) => !optional);
  return lifecycle.flatMap(({ environment, promotion }, index) =>
    promotion === 'manual' && index <= firstRequired ? [{
      pointer: `/lifecycle/${index}/promotion`,
      message: `manual, and no phase that every rollout has comes before ${environment}: there would be nothing to promote. Write automatic; an approval gate asks a person too`,
    }] : []);
});
