import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Program and arguments that run one of our TypeScript files as a process of its own, without a wrapper that a signal could miss. */
export const typescriptProgram = (file: URL): string[] => [process.execPath, '--import', tsx, fileURLToPath(file)];
