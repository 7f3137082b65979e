/** One request and its answer, as bytes on a connection of their own. */
import { connect } from 'node:net';

const answerMsMax = 10_000;
const headEnd = '\r\n\r\n';

/** The answer as it was sent, one character a byte. */
export function exchange(port: number, request: string): Promise<string> {
  const isHead = request.startsWith('HEAD ');
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    let answer = '';
    socket.setTimeout(answerMsMax, () =>
      socket.destroy(new Error(`no whole answer within ${answerMsMax} ms to:\n${request.slice(0, 300)}`)),
    );
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.on('data', (text: string) => {
      answer += text;
      if (isWhole(answer, isHead)) socket.destroy();
    });
  });
}

function isWhole(answer: string, isHead: boolean): boolean {
  const end = answer.indexOf(headEnd);
  if (end === -1) return false;
  const head = answer.slice(0, end);
  if (isHead || /^HTTP\/1\.1 (204|304) /.test(head)) return true;
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) return /\r\ntransfer-encoding: chunked/i.test(head) && answer.endsWith(`0${headEnd}`);
  return answer.length - end - headEnd.length >= Number(length);
}

const soonMs = 3600_000;

/** Takes out what two runs of the same code answer differently: the time, ids of requests and sessions, tokens. */
export function normalised(answer: string, startedAt: number): string {
  return (
    answer
      .replace(/^Date: .*\r$/im, 'Date: (time)\r')
      .replace(/Expires=[^;]+GMT/g, 'Expires=(time)')
      // Two builds of the web app are written at two times.
      .replace(/^last-modified: .*\r$/im, 'last-modified: (time)\r')
      .replace(/^(etag: W\/"[0-9a-f]+)-[0-9a-f]+"/im, '$1-(time)"')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => (Date.parse(time) > startedAt - soonMs ? '(time)' : time))
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d+\.[\w-]+)?/g, '(uuid)')
      .replace(/(x-request-id: |"requestId":")[0-9a-f]{32}/gi, '$1(id)')
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '(token)')
      .replace(/(refreshToken":"|sanctum_refresh=|sanctum_device=|deviceToken":")[^";]+/g, '$1(token)')
      .replace(/"(nextCursor|cursor|more)":"[\w-]+"/g, '"$1":"(cursor)"')
      .replace(/"(uptimeSeconds|durationMs)":[\d.]+/g, '"$1":0')
      .replace(/^content-length: \d+(?=\r$[^]*"(uptimeSeconds|durationMs)")/im, 'content-length: (length)')
  );
}
