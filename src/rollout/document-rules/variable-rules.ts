import { variableProblems } from '../variable-problems.js';
import { rule } from './rule.js';

export const variablesFitPlaces = rule(['variables', 'regions', 'lifecycle'], (document) =>
  variableProblems(document).map(({ path, message }) => ({ pointer: pointerOf(path), message })));

/** `variables[2].values[0].region` as a JSON pointer. */
const pointerOf = (path: string): string => `/${path.replace(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`;
