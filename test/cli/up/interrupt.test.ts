import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForInterrupt, type Interrupt } from '../../../src/cli/up/interrupt.js';

describe('Ctrl-C', () => {
  const events: string[] = [];
  let interrupt: Interrupt;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    events.length = 0;
    interrupt = listenForInterrupt(() => events.push('first'), () => events.push('second'));
  });

  afterEach(() => {
    interrupt.stopListening();
    vi.useRealTimers();
  });

  it('asks for an orderly end', () => {
    process.emit('SIGINT');
    expect(events).toEqual(['first']);
    expect(interrupt.signal.aborted).toBe(true);
  });

  it('that arrives twice, from the terminal and from npm, counts once', () => {
    process.emit('SIGINT');
    vi.advanceTimersByTime(200);
    process.emit('SIGINT');
    expect(events).toEqual(['first']);
  });

  it('that is pressed again later is the second one', () => {
    process.emit('SIGINT');
    vi.advanceTimersByTime(1_500);
    process.emit('SIGINT');
    expect(events).toEqual(['first', 'second']);
  });

  it('and a request of the system to end are the same', () => {
    process.emit('SIGTERM');
    expect(events).toEqual(['first']);
  });

  it('belongs to Node again afterwards', () => {
    const before = process.listenerCount('SIGINT');
    interrupt.stopListening();
    expect(process.listenerCount('SIGINT')).toBe(before - 1);
  });
});
