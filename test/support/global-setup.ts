import type { TestProject } from 'vitest/node';
import { startTestServer } from './temporal-server.js';

/** One Temporal server in memory for all suites of a run. Vitest calls this only when one of them is in the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('temporalAddress', server.address);
  return () => server.stop();
}
