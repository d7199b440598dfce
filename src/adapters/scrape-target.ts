import { durationMs } from '../rollout/duration.js';
import type { ScrapeMetrics } from '../rollout/schema/check.js';
import { boundedRequest, RequestFailed } from './bounded-request.js';
import { ExpositionError, parseExposition, type Series } from './exposition.js';
import type { Agents } from './plain-request.js';

const maxBytes = 10 * 1_048_576;

/** The target as a whole did not give its metrics. `lasting`: it never will, as it is written. */
export class ScrapeFailed extends Error {
  override readonly name = 'ScrapeFailed';

  readonly lasting: boolean;

  constructor(message: string, { lasting = false, ...options }: ErrorOptions & { lasting?: boolean } = {}) {
    super(message, options);
    this.lasting = lasting;
  }
}

/** The text of a target's `/metrics`. Throws `ScrapeFailed`, or the signal's reason. */
export async function scrape(settings: ScrapeMetrics, agents: Agents, signal: AbortSignal): Promise<string> {
  if (!URL.canParse(settings.url)) throw new ScrapeFailed('the URL of the metrics is not a URL: write http://host/metrics', { lasting: true });
  const url = new URL(settings.url);
  try {
    const { status, contentType, text } = await boundedRequest(url, {
      method: 'GET', headers: { accept: 'text/plain;version=0.0.4' }, timeoutMs: durationMs(settings.timeout), maxBytes, agents, signal,
    });
    if (status !== 200) throw new ScrapeFailed(`${url.host} answered ${status} where its metrics should be`);
    if (contentType !== 'text/plain' && contentType !== '') throw new ScrapeFailed(`${url.host} answered ${contentType}, not the Prometheus text format`);
    return text;
  } catch (error) {
    if (error instanceof RequestFailed) throw new ScrapeFailed(`the metrics of ${url.host} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The series of the text, one by one. Throws `ScrapeFailed` at the first line that is not of the format. */
export function* seriesOf(text: string): Generator<Series> {
  try {
    yield* parseExposition(text);
  } catch (error) {
    if (error instanceof ExpositionError) throw new ScrapeFailed(`the metrics are not understood: ${error.message}`, { cause: error });
    throw error;
  }
}
