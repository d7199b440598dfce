import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Dependencies } from '../activities/dependencies.js';
import type { ConnectMetrics } from '../activities/ports/metric-source.js';
import type { ConnectTarget } from '../activities/ports/region-target.js';
import type { AddressRules } from './adapters/address-guard.js';
import { verifyFolder } from './adapters/folder-artifact.js';
import { logNotifier } from './adapters/log-notifier.js';
import { postgresDatabase } from './adapters/postgres/database.js';
import { processTarget } from './adapters/process-target.js';
import { prometheusMetrics } from './adapters/prometheus-metrics.js';
import { resolveVariables } from './adapters/references.js';
import { scrapeMetrics } from './adapters/scrape-metrics.js';
import { scriptTarget } from './adapters/script-target.js';
import { webhookGate } from './adapters/webhook-gate.js';
import { webhookMetrics } from './adapters/webhook-metrics.js';
import { webhookTarget } from './adapters/webhook-target.js';
import type { Config } from './config.js';
import { fillIn } from './rollout/document/templates.js';

/** The real world: one adapter for each kind of target and metric source that a pipeline document can name. */
export const worldOf = (config: Config, client: Client, logger: Logger): Dependencies => ({
  connectTarget: targets(config),
  connectDatabase: postgresDatabase(),
  connectMetrics: metricSources(config),
  askGatekeeper: webhookGate(webhookRules(config)),
  resolveVariables,
  fillIn,
  verifyFolder,
  notifier: logNotifier(logger),
  client,
  now: Date.now,
});

/** An embedded stack is one person's machine: services beside it may be called. A shared one names what it may reach. */
const webhookRules = ({ webhookAllow, temporal }: Config): AddressRules => ({ allow: webhookAllow, allowLoopback: temporal.address === undefined });

function targets(config: Config): ConnectTarget {
  const process = processTarget({ home: config.home });
  const script = scriptTarget({ folder: config.scriptsFolder });
  const webhook = webhookTarget(webhookRules(config));
  return (settings) => {
    switch (settings.type) {
      case 'process':
        return process(settings);
      case 'script':
        return script(settings);
      case 'webhook':
        return webhook(settings);
    }
  };
}

function metricSources(config: Config): ConnectMetrics {
  const scrape = scrapeMetrics();
  const prometheus = prometheusMetrics();
  const webhook = webhookMetrics(webhookRules(config));
  return (settings, variables, secretNames) => {
    switch (settings.type) {
      case 'scrape':
        return scrape(settings);
      case 'prometheus':
        return prometheus(settings, variables, secretNames);
      case 'webhook':
        return webhook(settings, variables, secretNames);
    }
  };
}
