import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Agent } from 'undici';
import { MeridianFailure } from '../rollout/failure.js';
import { AddressRefused, addressGuard, type AddressRules } from './address-guard.js';
import { boundedRequest, RequestFailed, type BoundedReply } from './bounded-request.js';

const smallAnswer = 256 * 1024;

/** One question to a service of the user's. */
export interface WebhookCall {
  url: string;
  /** JSON. */
  body: string;
  headers?: Record<string, string>;
  /** Signs the request when given. */
  secret: SigningSecret | undefined;
  timeoutMs: number;
  signal: AbortSignal;
}

/** What signs a request. */
interface SigningSecret {
  /** Name of the variable. */
  name: string;
  /** Undefined when the variable has no value in `where`, in words. */
  value: string | undefined;
  where: string;
}

/** The secret of this name among the variables of a place; undefined where requests are not signed. */
export const signingSecret = (name: string | undefined, variables: Record<string, string>, where: string): SigningSecret | undefined =>
  name === undefined ? undefined : { name, value: Object.hasOwn(variables, name) ? variables[name] : undefined, where };

/**
 * Posts JSON to services of the user's, signed by Standard Webhooks. Only addresses that the rules allow are connected to, and no
 * redirect is followed. Throws `AddressRefused` for an address that no rule allows, `RequestFailed` when no complete answer came,
 * `MeridianFailure` for a secret that cannot sign, and the signal's reason. Throws at once when a rule is not understood.
 */
export function webhookCaller(rules: AddressRules, maxBytes: number = smallAnswer): (call: WebhookCall) => Promise<BoundedReply> {
  const guard = addressGuard(rules);
  const dispatcher = new Agent({ connect: { lookup: guard.lookup } });
  return async ({ url: text, body, headers, secret, timeoutMs, signal }) => {
    const url = new URL(text);
    guard.checkUrl(url);
    const allHeaders = { ...fixedHeaders, ...headers, ...(secret && signatureOf(body, secret)) };
    try {
      return await boundedRequest(url, { method: 'POST', headers: allHeaders, body, timeoutMs, maxBytes, dispatcher, signal });
    } catch (error) {
      throw error instanceof RequestFailed && error.cause instanceof AddressRefused ? error.cause : error;
    }
  };
}

const fixedHeaders = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'Meridian' };

/**
 * Headers of Standard Webhooks. Each request is a message of its own, also when it asks for the same thing again: a receiver may drop a
 * message id that it has seen, and must not drop the question whether a step is done.
 */
function signatureOf(body: string, { name, value, where }: SigningSecret): Record<string, string> {
  if (value === undefined) throw new MeridianFailure('VariableMissing', `${name}, which signs the requests to the webhook, has no value in ${where}.`);
  const id = `msg_${randomUUID()}`;
  const now = new Date();
  return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)), 'webhook-signature': signer(value, name).sign(id, now, body) };
}

function signer(key: string, name: string): Webhook {
  try {
    return new Webhook(key);
  } catch {
    // Without the cause: it may quote the key.
    throw new MeridianFailure('TargetMisconfigured', `${name} is no signing secret: write whsec_ and the key in base64.`);
  }
}

/** The host alone stands in messages: a path or a query may be a secret. Throws `TargetMisconfigured` for what is no URL. */
export function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new MeridianFailure('TargetMisconfigured', 'The URL of the webhook is not a URL: write https://host/path.');
  return new URL(url).host;
}
