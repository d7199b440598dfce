import { TestWorkflowEnvironment } from '@temporalio/testing';

// Run by sdk-download.ts as a process of its own: the SDK downloads the CLI into the folder given, starts it once and ends it.
const [downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new Error('usage: sdk-download-child <folder>');

try {
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir } } });
  await environment.teardown();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
