import { describe, expect, it } from 'vitest';
import { didYouMean, nearestName } from '../../src/rollout/nearest-name.js';

const regions = ['sydney', 'frankfurt', 'virginia'];

describe('the nearest name', () => {
  it.each([['sidney', 'sydney'], ['Frankfurt', 'frankfurt'], ['virgin', 'virginia'], ['frank', 'frankfurt'], ['verginia', 'virginia']])('to %s is %s', (sent, name) => {
    expect(nearestName(sent, regions)).toBe(name);
  });

  it.each(['tokyo', 'x', '', 'a'.repeat(10_000)])('to %s is none', (sent) => {
    expect(nearestName(sent, regions)).toBeUndefined();
  });

  it('is a question only when there is one that was not sent', () => {
    expect(didYouMean('sidney', regions)).toBe(' Did you mean sydney?');
    expect(didYouMean('tokyo', regions)).toBe('');
    expect(didYouMean('sydney', regions)).toBe('');
    expect(didYouMean('sydney', [])).toBe('');
  });
});
