import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { problemKind } from './problems.js';

interface Reason {
  status: string;
  detail: string;
}

const reasons: Record<string, Reason> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', detail: 'The headers are larger than this server takes.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', detail: 'The request did not arrive in time.' },
};
const notHttp: Reason = { status: '400 Bad Request', detail: 'This is not HTTP as this server understands it.' };

/** What is too broken to reach express is answered as a problem document as well. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
    const { status, detail } = reasons[error.code ?? ''] ?? notHttp;
    const code = 'MalformedRequest';
    const { title } = problemKind(code);
    const body = JSON.stringify({ type: `urn:meridian:problem:${code}`, title, status: Number(status.slice(0, 3)), code, detail });
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    socket.end([`HTTP/1.1 ${status}`, 'Content-Type: application/problem+json', length, 'Connection: close', '', body].join('\r\n'));
  });
}
