import express, { type Request, type RequestHandler } from 'express';
import { limits } from '../rollout/limits.js';
import { HttpProblem } from './problems.js';
import { assertPlainTree } from './plain-tree.js';
import { parseYaml } from './yaml-body.js';

export type BodyFormat = 'json' | 'json-or-yaml';

const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/** Keeps the bytes of the body as they came, bounded. Compressed bodies are refused: a small one may hide a large one. */
export const readBytes: RequestHandler = express.raw({ type: () => true, limit: limits.documentBytes, inflate: false });

/** The bytes that `readBytes` kept. */
export const bytesOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

/** The value in the body: plain data of bounded depth. Throws `MediaTypeUnsupported` or `MalformedRequest`. */
export function parseBody(request: Request, format: BodyFormat): unknown {
  const isYaml = mediaTypeOf(request, format) !== 'application/json';
  const text = utf8(bytesOf(request));
  const value = read(text, isYaml ? parseYaml : parseJson);
  assertPlainTree(value);
  return value;
}

/** A content type that browsers do not send to other sites unasked: no page elsewhere can make a write. */
function mediaTypeOf(request: Request, format: BodyFormat): string {
  const [type = '', ...parameters] = (request.get('content-type') ?? '').toLowerCase().split(';').map((part) => part.trim());
  const allowed = format === 'json' ? ['application/json'] : ['application/json', ...yamlTypes];
  if (!allowed.includes(type)) {
    const wanted = allowed.slice(0, 2).join(' or ');
    throw new HttpProblem('MediaTypeUnsupported', `Send the body with Content-Type: ${wanted}; got ${type || 'none'}.`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new HttpProblem('MediaTypeUnsupported', `Send the body in UTF-8; got ${charset.slice(0, 40)}.`);
  }
  return type;
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed('it is not UTF-8', cause);
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new Error('it is empty; send a JSON object, {} at least');
  return JSON.parse(text);
}

function read(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw malformed(cause instanceof Error ? firstLine(cause.message) : 'it is not understood', cause);
  }
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/:$/, '');

const malformed = (reason: string, cause?: unknown): HttpProblem =>
  new HttpProblem('MalformedRequest', `The body cannot be read: ${reason}.`, { cause });
