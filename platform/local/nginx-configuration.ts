/** Fills in the configuration of nginx that ships in `deploy/nginx/`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const templateFile = fileURLToPath(new URL('../../deploy/nginx/nginx.conf.template', import.meta.url));

export interface Upstream {
  readonly port: number;
  /** Gets no new requests: it is about to be stopped, or does not run. */
  readonly isDown: boolean;
}

export interface NginxSettings {
  readonly listenHost: string;
  readonly listenPort: number;
  readonly upstreams: readonly Upstream[];
  readonly accessLog: string;
  readonly errorLog: string;
  /** Directives for the server, such as those for TLS. */
  readonly serverLines: string;
  /** Most open files of one worker. */
  readonly filesMax: number;
}

/** Two, so that what workers have to share is shared here as well. */
const workers = 2;
/** Open connections that a worker keeps to each instance. Few: doctor takes many clients of one instance for a crowd. */
const keepalive = 8;

/** @throws TypeError when the template asks for a value that nobody gives, or a value would break out of its place. */
export function renderNginxConfiguration(settings: NginxSettings, template = readFileSync(templateFile, 'utf8')): string {
  const { listenHost, listenPort, upstreams } = settings;
  const values: Readonly<Record<string, string>> = {
    SANCTUM_PROXY_WORKERS: String(workers),
    SANCTUM_PROXY_FILES: String(settings.filesMax),
    SANCTUM_PROXY_LISTEN: `${listenHost.includes(':') ? `[${listenHost}]` : listenHost}:${listenPort}`,
    SANCTUM_PROXY_TLS: settings.serverLines,
    SANCTUM_PROXY_KEEPALIVE: String(keepalive),
    SANCTUM_PROXY_UPSTREAMS: upstreams
      .map(({ port, isDown }) => `server 127.0.0.1:${port} ${isDown ? 'down' : 'max_fails=1 fail_timeout=5s'};`)
      .join('\n    '),
    SANCTUM_PROXY_ACCESS_LOG: quoted(settings.accessLog),
    SANCTUM_PROXY_ERROR_LOG: quoted(settings.errorLog),
  };
  return template.replace(/\$\{([A-Z_]+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`deploy/nginx/nginx.conf.template asks for ${name}, which nobody gives`);
    return value;
  });
}

/** A path as one word of nginx's language, whatever it holds. */
function quoted(path: string): string {
  // nginx puts variables into the paths of logs, and has no way to write a dollar sign.
  if (/[$\r\n]/.test(path)) throw new TypeError(`nginx cannot write a log into ${JSON.stringify(path)}: move the folder`);
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
