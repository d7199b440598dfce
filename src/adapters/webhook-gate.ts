import { z } from 'zod';
import type { AskGatekeeper } from '../../activities/ports/gatekeeper.js';
import { MeridianFailure } from '../rollout/failure.js';
import type { WebhookGate } from '../rollout/schema/gate.js';
import { AddressRefused, type AddressRules } from './address-guard.js';
import { RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt } from './excerpt.js';
import { hostOf, signingSecret, webhookCaller } from './webhook-call.js';

/** For one request; it is asked again at the gate's interval. */
const timeoutMs = 10_000;

/** Keys that we do not know are the service's own business; any other status is no yes. */
const Answer = z.object({ status: z.enum(['open', 'closed']), message: z.string().optional() });

/** Asks a service of the user's whether a gate is open, over HTTP. No secret is sent but as the request's signature. */
export function webhookGate(rules: AddressRules): AskGatekeeper {
  const call = webhookCaller(rules);
  return async (gate, question, secrets, signal) => {
    try {
      const who = `webhook ${hostOf(gate.url)}`;
      const body = JSON.stringify({ action: 'gate', gate: gate.name, ...question });
      const where = [question.environment, question.region, question.tenant].filter(Boolean).join('/');
      const secret = signingSecret(gate.secret, secrets, where);
      return read(await call({ url: gate.url, body, secret, timeoutMs, signal }), { who, name: gate.name, secrets });
    } catch (error) {
      return { isOpen: false, saw: whyClosed(error, gate) };
    }
  };
}

interface Asked {
  /** What messages call the service: `webhook hooks.example.com`. */
  who: string;
  /** The gate's. */
  name: string;
  secrets: Record<string, string>;
}

function read({ status, text }: BoundedReply, { who, name, secrets }: Asked): { isOpen: boolean; saw: string } {
  const said = (what: string): string => excerpt(what, { variables: secrets, secretNames: Object.keys(secrets) }, 300);
  if (status >= 300 && status < 400) return { isOpen: false, saw: `${who} answered ${status}, a redirect: redirects are not followed` };
  if (status < 200 || status >= 300) return { isOpen: false, saw: `${who} answered ${status}: ${said(text) || 'without a body'}` };
  const answer = Answer.safeParse(parseJson(text));
  if (!answer.success) {
    return { isOpen: false, saw: `${who} gave an answer that says neither open nor closed: ${said(text) || 'it is empty'}. Answer { "status": "open" | "closed" }` };
  }
  const { status: verdict, message = '' } = answer.data;
  return { isOpen: verdict === 'open', saw: `${who} says that ${name} is ${verdict}${message === '' ? '' : `: ${said(message)}`}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema refuses it with the same words as any other answer that is no object.
  }
}

/** What keeps the question from being asked or answered; anything else is not for the gate to explain. */
function whyClosed(error: unknown, { name, url }: WebhookGate): string {
  if (error instanceof MeridianFailure) return `${name}: ${error.message}`;
  if (error instanceof AddressRefused) return `webhook ${hostOf(url)}: ${error.message}`;
  if (error instanceof RequestFailed) return `webhook ${hostOf(url)} cannot be reached: ${error.message}`;
  throw error;
}
