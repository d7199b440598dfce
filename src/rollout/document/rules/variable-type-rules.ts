import { didYouMean } from '../../nearest-name.js';
import type { Variable } from '../../schema/pipeline.js';
import { repeated, rule } from './rule.js';

type Literal = string | number | boolean;

export const optionsAreUnique = rule(['variables'], ({ variables }) =>
  variables.flatMap(({ options = [] }, index) => repeated(options, (option) => `/variables/${index}/options/${option}`, 'option')));

/** What is written down is what the variable says that it is; what stands elsewhere is only known to the worker. */
export const valuesFitTypes = rule(['variables'], ({ variables }) =>
  variables.flatMap((variable, index) => literalsOf(variable).flatMap(({ literal, path }) => {
    const problem = misfit(variable, literal);
    return problem === undefined ? [] : [{ pointer: `/variables/${index}/${path}`, message: `${variable.name} ${problem}` }];
  })));

const literalsOf = ({ default: standard, values }: Variable): { literal: Literal; path: string }[] => [
  ...(standard === undefined ? [] : [{ literal: standard, path: 'default' }]),
  ...values.flatMap((value, number) => ('value' in value ? [{ literal: value.value, path: `values/${number}/value` }] : [])),
];

/** Why a literal is not of the variable's type; numbers and booleans may be written as text. Nothing when it is. */
function misfit({ type, options = [] }: Variable, literal: Literal): string | undefined {
  const text = String(literal);
  switch (type) {
    case 'text':
      return undefined;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) && typeof literal !== 'boolean' ? undefined : `is a number; got ${shown(literal)}`;
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : `is true or false; got ${shown(literal)}`;
    // An address may hold a password, so a wrong one is not repeated.
    case 'url':
      return URL.canParse(text) ? undefined : 'is an address with its scheme, such as https://shop.example; this is none';
    case 'choice':
      return options.includes(text) ? undefined : `is one of ${options.join(', ')}; got ${shown(literal)}.${didYouMean(text, options)}`;
  }
}

const longest = 60;

function shown(literal: Literal): string {
  const text = JSON.stringify(literal);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
