import type { Benchmark } from '../benchmark.js';

export function writeReport(_benchmark: Benchmark): string[] {
  return [];
}
