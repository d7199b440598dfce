import { ApiProblem, ApiUnreachable, type Problem } from './api-errors.js';

/** An error as a person reads it: what happened, and what to do. Never empty, ends without a line break. */
export function explain(error: unknown): string {
  if (error instanceof ApiProblem) return explainProblem(error.problem);
  if (error instanceof ApiUnreachable) return explainUnreachable(error);
  return error instanceof Error ? error.message : String(error);
}

function explainProblem({ title, detail = title, errors }: Problem): string {
  // The detail of a single error only repeats it, without its place in the file.
  const isRepeated = detail === title || errors.some((each) => detail.includes(each.detail));
  const lines = errors.map(({ pointer, detail: text }) => (pointer === '' ? text : `${pointer}: ${text}`));
  return [title, ...[...(isRepeated ? [] : [detail]), ...lines].map((line) => `  ${line.replaceAll('\n', '\n    ')}`)].join('\n');
}

function explainUnreachable({ url, message, isRefused }: ApiUnreachable): string {
  const what = isRefused ? `Nothing listens at ${url}.` : `No answer from ${url}: ${message}.`;
  return `${what}\n  Start Meridian with \`npm start\`, or name its address with --api URL or MERIDIAN_API.`;
}
