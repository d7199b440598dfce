import { expect, it } from 'vitest';
import { jsonBytes } from '../../src/rollout/json-bytes.js';

it('a value is as large as its JSON in UTF-8, not as its text', () => {
  expect(jsonBytes({ reason: 'why' })).toBe('{"reason":"why"}'.length);
  expect(jsonBytes('für 東京')).toBe(Buffer.byteLength('"für 東京"'));
});
