import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { formatDuration } from '../../rollout/duration.js';

const lookMs = 250;

export interface GrowthLimits {
  /** Time until the first byte must be there. */
  reachMs: number;
  /** Time without a further byte. */
  stallMs: number;
}

/** Watches a folder being filled: tells each change of its size in bytes, and once why it is given up. Stop it in the end. */
export function watchGrowth(
  folder: string, limits: GrowthLimits, onSize: (bytes: number) => void, onGiveUp: (why: string) => void,
): { stop(): void } {
  let size = 0;
  let changedAt = performance.now();
  const look = async (): Promise<void> => {
    const now = await sizeOf(folder);
    const silentMs = performance.now() - changedAt;
    if (now !== size) {
      size = now;
      changedAt = performance.now();
      onSize(size);
    } else if (silentMs > (size === 0 ? limits.reachMs : limits.stallMs)) {
      clearInterval(timer);
      onGiveUp(size === 0 ? `nothing came within ${formatDuration(limits.reachMs)}` : `nothing more came for ${formatDuration(limits.stallMs)}`);
    }
  };
  const timer = setInterval(() => void look(), lookMs);
  return { stop: () => clearInterval(timer) };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    // A file that is renamed between the two calls counts at the next look.
    bytes += await stat(path.join(folder, name)).then((found) => found.size, () => 0);
  }
  return bytes;
}
