import type { RequestHandler } from 'express';
import helmet from 'helmet';

const nothing = ["'none'"];
const self = ["'self'"];

const withPolicy = (directives: Record<string, string[]>): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: nothing, baseUri: nothing, formAction: nothing, frameAncestors: nothing, ...directives },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    // TLS ends at the proxy in front, which knows whether this name is for HTTPS only.
    strictTransportSecurity: false,
  });

/** Answers of the API are data: a browser that shows one loads and runs nothing. */
export const dataOnly: RequestHandler = withPolicy({});

/** A page of ours: its own files only, no inline script, no inline style sheet. Swagger UI's style sheet has its pictures inside. */
export const pageOfOurs: RequestHandler = withPolicy({ scriptSrc: self, styleSrc: self, imgSrc: [...self, 'data:'], connectSrc: self });
