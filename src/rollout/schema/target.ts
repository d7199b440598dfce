import { z } from 'zod';
import { Duration, PositiveDuration } from './duration.js';
import { VariableName } from './names.js';

/** Text in which `{{ NAME }}`, `{{ region.name }}`, `{{ environment }}` and `{{ release.version }}` are filled in by the worker. */
export const Template = z.string().min(1).max(4_000);

/** A command on the worker's machine, detached: it outlives Meridian and is adopted after a restart. */
export const ProcessTarget = z.strictObject({
  type: z.literal('process'),
  command: z.array(Template).min(1).max(50).describe('Program and arguments; runs in the artifact folder, never through a shell'),
  port: Template.describe('The port that the process listens on; handed to it as PORT'),
  health: Template.default('/healthz').describe('Path that answers 200 when the release serves'),
  startTimeout: PositiveDuration.default('30s'),
  stopTimeout: Duration.default('10s').describe('From SIGTERM to SIGKILL'),
});
export type ProcessTarget = z.infer<typeof ProcessTarget>;

const Argv = z.array(Template).min(1).max(50);

/** Programs from the allow-listed folder, one for each verb. Exit code 75 means: try again. */
export const ScriptTarget = z.strictObject({
  type: z.literal('script'),
  current: Argv,
  deploy: Argv,
  verify: Argv,
  undo: Argv,
  timeout: PositiveDuration.default('10m'),
});
export type ScriptTarget = z.infer<typeof ScriptTarget>;

/** A service of yours that is told what to do over HTTP, signed by Standard Webhooks. */
export const WebhookTarget = z.strictObject({
  type: z.literal('webhook'),
  url: Template,
  secret: VariableName.optional().describe('Name of the secret variable that holds the signing secret (whsec_…)'),
  timeout: PositiveDuration.default('10s').describe('For one request'),
  deadline: PositiveDuration.default('15m').describe('For the whole step, polling included'),
});
export type WebhookTarget = z.infer<typeof WebhookTarget>;

export const Target = z.discriminatedUnion('type', [ProcessTarget, ScriptTarget, WebhookTarget]);
export type Target = z.infer<typeof Target>;
