import { expect, it } from 'vitest';
import { ApiProblem, ApiUnreachable, CommandRefused } from '../../src/cli/api-errors.js';
import { explain } from '../../src/cli/explain.js';

it('tells a problem by its title, its detail and every error with its pointer', () => {
  const errors = [{ pointer: '/regions/sydney/weight', detail: 'needs at least 0; got -1' }, { pointer: '', detail: 'missing owner' }];
  expect(explain(new ApiProblem(422, { title: 'The request was read and is not right', detail: '2 things are not right; see errors.', errors }))).toBe(
    'The request was read and is not right\n  2 things are not right; see errors.\n  /regions/sydney/weight: needs at least 0; got -1\n  missing owner',
  );
});

it('says a single error once', () => {
  const errors = [{ pointer: '/reason', detail: 'missing; expected a text' }];
  expect(explain(new ApiProblem(422, { title: 'The request was read and is not right', detail: 'body /reason: missing; expected a text', errors })))
    .toBe('The request was read and is not right\n  /reason: missing; expected a text');
});

it('says what to do when nobody listens', () => {
  const error = new ApiUnreachable('http://127.0.0.1:3000', 'connect ECONNREFUSED', { isRefused: true, cause: undefined });
  expect(explain(error)).toBe(
    'Nothing listens at http://127.0.0.1:3000.\n  Start Meridian with `npm start`, or name its address with --api URL or MERIDIAN_API.',
  );
});

it('says why no answer came', () => {
  const error = new ApiUnreachable('https://meridian.example', 'getaddrinfo ENOTFOUND meridian.example', { isRefused: false, cause: undefined });
  expect(explain(error)).toContain('No answer from https://meridian.example: getaddrinfo ENOTFOUND meridian.example.');
});

it('says of everything else what it says itself', () => {
  expect(explain(new CommandRefused('pipeline.yaml has no name'))).toBe('pipeline.yaml has no name');
  expect(explain('a text')).toBe('a text');
});
