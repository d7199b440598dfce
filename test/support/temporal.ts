import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** `127.0.0.1:12345`: the development server that all suites of the project `servers` share. */
    temporalAddress: string;
  }
}

/** Address of the shared Temporal server, with Meridian's search attributes. Use a task queue and pipeline names of your own. */
export function temporalAddress(): string {
  const address = inject('temporalAddress') as string | undefined;
  if (address === undefined) throw new Error('This suite has no Temporal server: its folder belongs to `servers` in vitest.config.ts.');
  return address;
}
