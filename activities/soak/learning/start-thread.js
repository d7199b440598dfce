// A thread does not inherit what its process imports: it learns TypeScript for itself, as bin/meridian.js does.
import { register } from 'tsx/esm/api';

register();
await import('./learn-in-thread.ts');
