import path from 'node:path';
import { z } from 'zod';

const Port = z.coerce.number().int().min(1).max(65_535);
const List = z.string().transform((text) => text.split(',').map((item) => item.trim()).filter(Boolean));

const Environment = z.object({
  MERIDIAN_HOME: z.string().min(1).default('.meridian'),
  MERIDIAN_HOST: z.string().min(1).default('127.0.0.1'),
  MERIDIAN_PORT: Port.default(3000),
  MERIDIAN_TEMPORAL_PORT: Port.default(7233),
  MERIDIAN_TEMPORAL_UI_PORT: Port.default(8233),
  MERIDIAN_TEMPORAL_UI_URL: z.url().optional(),
  MERIDIAN_SHOP_PORT: Port.max(65_000).default(4100),
  MERIDIAN_POSTGRES_BIN: z.string().min(1).optional(),
  MERIDIAN_TASK_QUEUE: z.string().min(1).default('meridian'),
  MERIDIAN_TOKENS: z.string().optional(),
  MERIDIAN_WEBHOOK_ALLOW: List.default([]),
  MERIDIAN_SCRIPTS: z.string().min(1).optional(),
  MERIDIAN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
});

/** Everything that the environment decides, parsed once at start. */
export interface Config {
  /** Absolute path of the folder that holds the store, the regions and the tools of an embedded stack. */
  home: string;
  host: string;
  port: number;
  taskQueue: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `MERIDIAN_TOKENS` as it was given; src/http/tokens.ts reads it. */
  tokens: string | undefined;
  temporal: {
    /** An existing cluster, from TEMPORAL_ADDRESS; when absent the embedded stack starts a server of its own. */
    address: string | undefined;
    namespace: string;
    /** Ports of the embedded server. */
    port: number;
    uiPort: number;
    /** Where people find the Temporal UI; null when it is not known. */
    uiUrl: string | null;
  };
  shopPort: number;
  /** Folder of PostgreSQL's programs for the shop's databases; those of an npm package when it is absent. */
  postgresBin: string | undefined;
  /** Hosts and address ranges that webhooks may reach; empty means none but what the embedded stack allows. */
  webhookAllow: string[];
  /** The one folder that script targets may run programs from; script targets are refused without it. */
  scriptsFolder: string | undefined;
}

/** Parses the environment; throws an Error that names each bad variable and what it must be. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message} (it is ${JSON.stringify(env[String(issue.path[0])])})`);
    throw new Error(`The environment is not right:\n${lines.join('\n')}`);
  }
  const value = parsed.data;
  return {
    home: path.resolve(value.MERIDIAN_HOME),
    host: value.MERIDIAN_HOST,
    port: value.MERIDIAN_PORT,
    taskQueue: value.MERIDIAN_TASK_QUEUE,
    logLevel: value.MERIDIAN_LOG_LEVEL,
    tokens: value.MERIDIAN_TOKENS,
    temporal: {
      address: value.TEMPORAL_ADDRESS,
      namespace: value.TEMPORAL_NAMESPACE,
      port: value.MERIDIAN_TEMPORAL_PORT,
      uiPort: value.MERIDIAN_TEMPORAL_UI_PORT,
      uiUrl: value.MERIDIAN_TEMPORAL_UI_URL ?? (value.TEMPORAL_ADDRESS ? null : `http://127.0.0.1:${value.MERIDIAN_TEMPORAL_UI_PORT}`),
    },
    shopPort: value.MERIDIAN_SHOP_PORT,
    postgresBin: value.MERIDIAN_POSTGRES_BIN === undefined ? undefined : path.resolve(value.MERIDIAN_POSTGRES_BIN),
    webhookAllow: value.MERIDIAN_WEBHOOK_ALLOW,
    scriptsFolder: value.MERIDIAN_SCRIPTS === undefined ? undefined : path.resolve(value.MERIDIAN_SCRIPTS),
  };
}
