import { didYouMean } from '../nearest-name.js';
import { repeated, rule, type DocumentError } from './rule.js';

export const environmentsAreUnique = rule(['lifecycle'], ({ lifecycle }) =>
  repeated(lifecycle.map(({ environment }) => environment), (index) => `/lifecycle/${index}/environment`, 'environment'));

/** Explicit waves name regions of the pipeline, and each of them once. */
export const wavesNameRegionsOnce = rule(['regions', 'lifecycle'], ({ regions, lifecycle }) => {
  const known = Object.keys(regions);
  return lifecycle.flatMap(({ environment, waves }, phase) => (Array.isArray(waves) ? waveErrors(waves, known, environment, phase) : []));
});

function waveErrors(waves: string[][], known: string[], environment: string, phase: number): DocumentError[] {
  const places = waves.flatMap((wave, number) =>
    wave.map((region, index) => ({ region, pointer: `/lifecycle/${phase}/waves/${number}/${index}` })));
  return places.flatMap(({ region, pointer }, index) => {
    if (!known.includes(region)) {
      return [{ pointer, message: `there is no region ${region}; regions: ${known.join(', ')}.${didYouMean(region, known)}` }];
    }
    const first = places.findIndex((place) => place.region === region);
    return first < index ? [{ pointer, message: `${region} is in ${environment} twice: a region belongs to one wave` }] : [];
  });
}

/** A decision names a gate by its name alone, so the name means one gate in its environment. */
export const gateNamesAreUnique = rule(['lifecycle'], ({ lifecycle }) =>
  lifecycle.flatMap(({ gates, regionGates }, phase) => {
    const places = [...gates.map((_, index) => `gates/${index}`), ...regionGates.map((_, index) => `regionGates/${index}`)];
    return repeated([...gates, ...regionGates].map(({ name }) => name), (index) => `/lifecycle/${phase}/${places[index]}/name`, 'gate');
  }));
