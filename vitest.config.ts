import { defineConfig } from 'vitest/config';

/** Suites that talk to the one Temporal server that test/support/global-setup.ts starts. The others never wait for it. */
const servers = [
  'test/workflows/**/*.test.ts',
  'test/activities/**/*.test.ts',
  'test/http/temporal/**/*.test.ts',
  'test/faults/**/*.test.ts',
  // Starts servers of its own, with the binary that the global setup has found.
  'test/embedded/temporal-server.test.ts',
];

/** Whole stacks of real processes, each with servers of its own, and customers who wait five seconds at most. */
const endToEnd = ['test/end-to-end/**/*.test.ts', 'test/examples/shop-under-load.test.ts'];

// One group after the other: on two cores real servers would only wait for each other, and whole stacks, one at a time, for both.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'pure', include: ['test/**/*.test.ts'], exclude: [...servers, ...endToEnd], testTimeout: 60_000, hookTimeout: 120_000, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'servers',
          include: servers,
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { name: 'end-to-end', include: endToEnd, testTimeout: 300_000, hookTimeout: 600_000, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
