import { describe, expect, it } from 'vitest';
import { Readiness } from '../../../src/http/answers.js';
import { openApp } from '../open-app.js';

describe('operations', () => {
  it('is healthy as long as the process answers', async () => {
    const { http, workflows } = openApp();
    expect((await http.get('/healthz').expect(200)).body).toEqual({ status: 'ok' });
    expect(workflows.calls).toEqual([]);
  });

  it('is ready only with Temporal and a worker, and names what is missing', async () => {
    const { http, workflows } = openApp();
    await http.get('/readyz').expect(200);
    workflows.answer('readiness', () => ({ temporal: { ok: true, detail: 'there' }, worker: { ok: false, detail: 'Nobody polls.' } }));
    const answer = await http.get('/readyz').expect(503);
    expect(Readiness.parse(answer.body)).toEqual({
      status: 'not-ready', checks: [{ name: 'temporal', ok: true, detail: 'there' }, { name: 'worker', ok: false, detail: 'Nobody polls.' }],
    });
  });

  it('counts requests by route, not by address', async () => {
    const { http } = openApp();
    await http.get('/v1/rollouts/shop-1');
    await http.get('/v1/rollouts/shop-2');
    await http.get('/nowhere');
    const { text } = await http.get('/metrics').expect(200).expect('content-type', /^text\/plain/);
    expect(text).toContain('meridian_http_requests_total{method="GET",route="/v1/rollouts/{id}",status="200"} 2');
    expect(text).toContain('meridian_http_requests_total{method="GET",route="unmatched",status="404"} 1');
    expect(text).toContain('meridian_http_request_duration_seconds_bucket');
    expect(text).not.toContain('shop-1');
  });
});
