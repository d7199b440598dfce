import { expect, it } from 'vitest';
import { failureCodes, isFailureCode, MeridianFailure, type FailureCode } from '../../src/rollout/failure.js';

const codes = Object.keys(failureCodes) as FailureCode[];

it('knows its own codes, and nothing else that an object happens to have', () => {
  expect(codes.every(isFailureCode)).toBe(true);
  for (const other of ['', 'deployFailed', 'constructor', 'toString', '__proto__', undefined, null, 5, ['Internal']]) expect(isFailureCode(other)).toBe(false);
});

it('tries again only what may work the next time: what is out of reach, locked or behind, and every undo', () => {
  expect(codes.filter((code) => failureCodes[code].retryable)).toEqual([
    'RegionUnreachable', 'UndoFailed', 'DatabaseUnreachable', 'MigrationBlocked', 'ReplicaLagging', 'MetricSourceFailed',
  ]);
});

it('carries code, message and cause, and can be made final where that is known better', () => {
  const cause = new Error('ECONNREFUSED');
  const failure = new MeridianFailure('RegionUnreachable', 'sydney does not answer', { cause });
  expect(failure).toMatchObject({ name: 'MeridianFailure', code: 'RegionUnreachable', message: 'sydney does not answer', retryable: true, cause });
  expect(new MeridianFailure('RegionUnreachable', 'no such host', { retryable: false }).retryable).toBe(false);
  expect('cause' in new MeridianFailure('Internal', 'x')).toBe(false);
});
