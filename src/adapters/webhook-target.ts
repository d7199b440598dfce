import type { RegionTarget } from '../../activities/ports/region-target.js';
import { durationMs } from '../rollout/duration.js';
import { MeridianFailure } from '../rollout/failure.js';
import { placeKey } from '../rollout/places.js';
import type { WebhookTarget } from '../rollout/schema/target.js';
import { AddressRefused, type AddressRules } from './address-guard.js';
import { askingTarget } from './asking-target.js';
import { RequestFailed, type BoundedReply } from './bounded-request.js';
import { excerpt } from './excerpt.js';
import { nameOf, stepFailure, stepUnknown } from './step-reply.js';
import { openVariables, stepRequest, type Ask } from './step-request.js';
import { hostOf, signingSecret, webhookCaller } from './webhook-call.js';

/** Client errors that say `not now` rather than `no`. */
const notNow = new Set([408, 425, 429]);

/**
 * Regions behind a service of the user's own, told over HTTP what to do. The body carries no secret variable: what is sent ends up in
 * somebody's logs, and the service has its own. Throws at once when a rule is not understood.
 */
export function webhookTarget(rules: AddressRules): (settings: WebhookTarget) => RegionTarget {
  const call = webhookCaller(rules);
  return (settings) => {
    const who = `webhook ${hostOf(settings.url)}`;
    return askingTarget({
      who: () => who,
      async send(ask, signal) {
        const body = JSON.stringify(stepRequest(ask, openVariables(ask.place)));
        const headers = ask.action === 'current' ? {} : { 'idempotency-key': ask.place.key };
        const secret = signingSecret(settings.secret, ask.place.variables, placeKey(ask.place));
        try {
          const timeoutMs = durationMs(settings.timeout);
          return textOf(await call({ url: settings.url, body, headers, secret, timeoutMs, signal }), ask, who);
        } catch (error) {
          throw asFailure(error, ask, who);
        }
      },
    });
  };
}

function textOf({ status, text }: BoundedReply, ask: Ask, who: string): string {
  if (status >= 200 && status < 300) return text;
  const said = `answered ${status}: ${excerpt(text, ask.place) || 'without a body'}`;
  if (status >= 500 || notNow.has(status)) throw stepUnknown(ask, who, said);
  if (status >= 300 && status < 400) throw misconfigured(ask, `${who} answered ${status}, a redirect. Redirects are not followed: set the URL that it leads to.`);
  throw stepFailure(ask, who, said);
}

function asFailure(error: unknown, ask: Ask, who: string): unknown {
  if (error instanceof AddressRefused) return misconfigured(ask, `${who}: ${error.message}.`);
  return error instanceof RequestFailed ? stepUnknown(ask, who, `cannot be reached: ${error.message}`, error) : error;
}

const misconfigured = (ask: Ask, problem: string): MeridianFailure => new MeridianFailure('TargetMisconfigured', `${nameOf(ask.place)}: ${problem}`);
