import { createHash } from 'node:crypto';
import type { Express } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { demandToken, trustLocalUser } from '../../src/http/actors.js';
import { createApp } from '../../src/http/app.js';
import { linksTo } from '../../src/http/links.js';
import { readTokens } from '../../src/http/tokens.js';
import { FakeWorkflows } from './fake-workflows.js';

export interface OpenApp {
  app: Express;
  workflows: FakeWorkflows;
  http: ReturnType<typeof request>;
  /** Every line that was logged, parsed. */
  log: Record<string, unknown>[];
}

/** The real app before fake workflows. `tokens` as in MERIDIAN_TOKENS; local and open without them. */
export function openApp(options: { tokens?: string; uiUrl?: string | null } = {}): OpenApp {
  const workflows = new FakeWorkflows();
  const log: OpenApp['log'] = [];
  const app = createApp({
    workflows,
    links: linksTo(options.uiUrl === undefined ? 'http://127.0.0.1:8233' : options.uiUrl, 'default'),
    identify: options.tokens === undefined ? trustLocalUser : demandToken(readTokens(options.tokens)),
    isLocalOnly: options.tokens === undefined,
    logger: pino({ level: 'debug' }, { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) }),
    version: '0.0.0',
  });
  return { app, workflows, http: request(app), log };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** MERIDIAN_TOKENS in which everybody's token is `<name>-secret`. */
export const tokensOf = (roles: Record<string, string[]>): string =>
  JSON.stringify(Object.entries(roles).map(([name, each]) => ({ name, roles: each, sha256: sha256(`${name}-secret`) })));

/** Where a workflow is shown in the Temporal UI of `openApp`. */
export const temporalOf = (workflow: string): string => `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(workflow)}`;
