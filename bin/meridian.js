#!/usr/bin/env node
// Meridian runs its TypeScript directly: one way to run it, no build that can be stale (docs/decisions/002-no-build-step.md).
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../src/cli/main.ts');
await main(process.argv.slice(2));
