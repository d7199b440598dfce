import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { searchAttributeTypes } from '../../src/embedded/temporal/search-attributes.js';
import { toolsHome } from './tools-home.js';

const run = promisify(execFile);

const version = '1.38.0';
const folder = path.join(toolsHome, 'tools', `temporal-test-server-${version}`);
const starter = path.join(folder, 'start');

/**
 * A Temporal server on which thirty days of sleep pass in a second; it knows no visibility and no schedules. Tear it down after use.
 * `undefined`, with a message, where it cannot be had (it needs Java 17 and Maven); with MERIDIAN_REQUIRE_TIME_SKIPPING=1 that is an error.
 */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment | undefined> {
  try {
    await ensureInstalled();
  } catch (error) {
    const message = `The time-skipping Temporal server cannot be had: ${(error as Error).message}. It needs Java 17 and Maven on the PATH.`;
    if (process.env.MERIDIAN_REQUIRE_TIME_SKIPPING === '1') throw new Error(message, { cause: error });
    process.stderr.write(`${message} The tests that need it are left out.\n`);
    return undefined;
  }
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: starter } } });
  await environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: searchAttributeTypes });
  return environment;
}

/** The workflows of a module, as they can run on this server. */
export const bundleForTimeSkipping = (workflows: URL): Promise<WorkflowBundleWithSourceMap> =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(workflows), logger: new DefaultLogger('WARN'),
    workflowInterceptorModules: [fileURLToPath(new URL('lasting-timers.ts', import.meta.url))],
  });

/** From Maven's registry into an empty folder, which is moved into place whole: two suites may do it at once. */
async function ensureInstalled(): Promise<void> {
  if (existsSync(starter)) return;
  const workshop = `${folder}.making-${process.pid}`;
  await mkdir(workshop, { recursive: true });
  try {
    await writeFile(path.join(workshop, 'pom.xml'), pom);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    await run('mvn', ['-q', '-B', '-f', path.join(workshop, 'pom.xml'), goal, `-DoutputDirectory=${path.join(workshop, 'lib')}`], { timeout: 300_000 });
    await writeFile(path.join(workshop, 'start'), startScript);
    await chmod(path.join(workshop, 'start'), 0o755);
    await rename(workshop, folder).catch((error: unknown) => { if (!existsSync(starter)) throw error; });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

// The SDK gives the server five seconds to start: no time for a compiler that optimises, or a collector with threads.
const startScript = '#!/bin/sh\nexec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"\n';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>meridian</groupId><artifactId>time-skipping</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;
