import type { Client } from '@temporalio/client';
import type { TemplateContext } from '../src/rollout/document/templates.js';
import type { ResolvedVariable, VariableScope } from '../src/rollout/document/variables.js';
import type { FolderArtifact } from '../src/rollout/schema/release.js';
import type { ConnectDatabase } from './ports/database.js';
import type { AskGatekeeper } from './ports/gatekeeper.js';
import type { ConnectMetrics } from './ports/metric-source.js';
import type { Notifier } from './ports/notifier.js';
import type { ConnectTarget } from './ports/region-target.js';

/** The values of a place's variables by name, and which of them are secret. Never logged, never returned from an activity. */
export interface RegionVariables {
  variables: Record<string, string>;
  secretNames: string[];
}

/** Everything that activities work with; built in the composition root. */
export interface Dependencies {
  connectTarget: ConnectTarget;
  connectDatabase: ConnectDatabase;
  connectMetrics: ConnectMetrics;
  askGatekeeper: AskGatekeeper;
  /** The values of a place's variables, references resolved. Throws `VariableMissing`. */
  resolveVariables(variables: ResolvedVariable[], scope: VariableScope): Promise<RegionVariables>;
  /** Fills in every template of a settings object. Throws `TemplateInvalid`. */
  fillIn<T>(settings: T, context: TemplateContext): T;
  /** Throws `ArtifactMissing` or `DigestMismatch`. */
  verifyFolder(artifact: FolderArtifact): Promise<void>;
  notifier: Notifier;
  client: Client;
  /** Milliseconds since the epoch: the time of a look. */
  now(): number;
}
