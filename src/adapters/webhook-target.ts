import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Agent } from 'undici';
import type { Place, RegionTarget } from '../../activities/ports/region-target.js';
import { durationMs } from '../rollout/duration.js';
import { MeridianFailure } from '../rollout/failure.js';
import type { WebhookTarget } from '../rollout/schema/target.js';
import { AddressRefused, addressGuard, type AddressRules } from './address-guard.js';
import { askingTarget } from './asking-target.js';
import { boundedRequest, RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt } from './excerpt.js';
import { stepFailure, stepUnknown } from './step-reply.js';
import { openVariables, stepRequest, type Ask } from './step-request.js';

const maxBytes = 256 * 1024;

/** Client errors that say `not now` rather than `no`. */
const notNow = new Set([408, 425, 429]);

/**
 * Regions behind a service of the user's own, told over HTTP what to do. Only addresses that the rules allow are connected to, and no
 * redirect is followed. The body carries no secret variable: what is sent ends up in somebody's logs, and the service has its own.
 * Throws at once when a rule is not understood.
 */
export function webhookTarget(rules: AddressRules): (settings: WebhookTarget) => RegionTarget {
  const guard = addressGuard(rules);
  const dispatcher = new Agent({ connect: { lookup: guard.lookup } });
  return (settings) => {
    const who = `webhook ${hostOf(settings.url)}`;
    return askingTarget({
      who: () => who,
      async send(ask, signal) {
        const body = JSON.stringify(stepRequest(ask, openVariables(ask.place)));
        const headers = { ...headersOf(ask), ...signatureOf(body, settings, ask.place) };
        try {
          const url = new URL(settings.url);
          guard.checkUrl(url);
          const timeoutMs = durationMs(settings.timeout);
          return textOf(await boundedRequest(url, { method: 'POST', headers, body, timeoutMs, maxBytes, dispatcher, signal }), ask, who);
        } catch (error) {
          throw asFailure(error, ask, who);
        }
      },
    });
  };
}

const headersOf = (ask: Ask): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json',
  'user-agent': 'Meridian',
  ...(ask.action === 'current' ? {} : { 'idempotency-key': ask.place.key }),
});

/**
 * Headers of Standard Webhooks, when a secret is set. Each request is a message of its own, also when it asks for the same step again:
 * a receiver may drop a message id that it has seen, and must not drop the question whether a step is done.
 */
function signatureOf(body: string, { secret }: WebhookTarget, { variables, environment, region }: Place): Record<string, string> {
  if (secret === undefined) return {};
  const key = Object.hasOwn(variables, secret) ? variables[secret] : undefined;
  if (key === undefined) {
    throw new MeridianFailure('VariableMissing', `${secret}, which signs the requests to the webhook, has no value in ${environment}/${region}.`);
  }
  const id = `msg_${randomUUID()}`;
  const now = new Date();
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)), 'webhook-signature': signer(key, secret).sign(id, now, body) };
}

function signer(key: string, name: string): Webhook {
  try {
    return new Webhook(key);
  } catch {
    // Without the cause: it may quote the key.
    throw new MeridianFailure('TargetMisconfigured', `${name} is no signing secret: write whsec_ and the key in base64.`);
  }
}

function textOf({ status, text }: BoundedReply, ask: Ask, who: string): string {
  if (status >= 200 && status < 300) return text;
  const said = `answered ${status}: ${excerpt(text, ask.place) || 'without a body'}`;
  if (status >= 500 || notNow.has(status)) throw stepUnknown(ask, who, said);
  if (status >= 300 && status < 400) {
    throw new MeridianFailure('TargetMisconfigured', `${ask.place.region}: ${who} answered ${status}, a redirect. Redirects are not followed: set the URL that it leads to.`);
  }
  throw stepFailure(ask, who, said);
}

function asFailure(error: unknown, ask: Ask, who: string): unknown {
  const refused = error instanceof RequestFailed ? error.cause : error;
  if (refused instanceof AddressRefused) return new MeridianFailure('TargetMisconfigured', `${ask.place.region}: ${who}: ${refused.message}.`);
  return error instanceof RequestFailed ? stepUnknown(ask, who, `cannot be reached: ${error.message}`, error) : error;
}

/** The host alone stands in messages: a path or a query may be a secret. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new MeridianFailure('TargetMisconfigured', 'The URL of the webhook is not a URL: write https://host/path.');
  return new URL(url).host;
}
