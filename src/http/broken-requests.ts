import type { Server } from 'node:http';
import type { Socket } from 'node:net';

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
    const body = JSON.stringify({ type: 'urn:meridian:problem:MalformedRequest', title: 'The request cannot be read', status: Number(status.slice(0, 3)), code: 'MalformedRequest', detail });
    socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  });
}
