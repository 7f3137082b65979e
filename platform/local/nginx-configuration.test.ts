import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settings } from '../src/config/settings.ts';
import { AppError, toProblem, type ErrorCode } from '../src/errors.ts';
import { type NginxSettings, renderNginxConfiguration } from './nginx-configuration.ts';

const template = readFileSync(join(import.meta.dirname, '../../deploy/nginx/nginx.conf.template'), 'utf8');
const wanted: NginxSettings = {
  listenHost: '127.0.0.1',
  listenPort: 8375,
  upstreams: [
    { port: 8376, isDown: false },
    { port: 8377, isDown: true },
  ],
  accessLog: '/logs/access.log',
  errorLog: '/logs/error.log',
  serverLines: '',
  filesMax: 1024,
};
const rendered = renderNginxConfiguration(wanted);

describe('the configuration that ships', () => {
  test('is whole once it is filled in, and names each instance', () => {
    expect(rendered).not.toContain('${SANCTUM');
    expect(rendered).toContain('server 127.0.0.1:8376 max_fails=1 fail_timeout=5s;');
    expect(rendered).toContain('server 127.0.0.1:8377 down;');
    expect(rendered).toContain('listen 127.0.0.1:8375;');
  });

  test('names every value that is filled in in its manual', () => {
    const manual = readFileSync(join(import.meta.dirname, '../../deploy/nginx/README.md'), 'utf8');
    const values = new Set([...template.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name));
    expect(values.size).toBeGreaterThan(5);
    for (const name of values) expect(manual).toContain(`\`${name}\``);
  });

  test('answers what it has to answer itself as the platform would', () => {
    const answers = [...template.matchAll(/^ +(\d{3}|default) '(\{.*\})';$/gm)];
    expect(answers.length).toBeGreaterThan(5);
    for (const [, key, text = ''] of answers) {
      const { code } = JSON.parse(text) as { code: ErrorCode };
      const problem = toProblem(new AppError(code), '$sanctum_request_id');
      expect(JSON.parse(text)).toEqual(problem);
      expect(key).toBe(code === 'server.unreachable' ? 'default' : String(problem.status));
    }
  });

  test.each([
    ['proxy_read_timeout 25s', settings.handlerTimeoutMs.default, (platformMs: number) => 25_000 > platformMs],
    ['keepalive_timeout 60s', settings.keepAliveTimeoutMs.default, (platformMs: number) => 60_000 < platformMs],
  ])('leaves the first word to the platform: %s', (line, platformMs, holds) => {
    expect(template).toContain(line);
    expect(holds(Number(platformMs))).toBe(true);
  });
});

describe('filling in', () => {
  test('refuses a value that the template asks for and nobody gives', () => {
    expect(() => renderNginxConfiguration(wanted, 'listen ${SANCTUM_PROXY_LISTENS};')).toThrow('SANCTUM_PROXY_LISTENS');
  });

  test.each(['/home/$user/logs', '/home/a\nb/logs'])('refuses a folder that nginx would read as something else: %j', (folder) => {
    expect(() => renderNginxConfiguration({ ...wanted, accessLog: `${folder}/access.log` })).toThrow('move the folder');
  });

  test('keeps a folder with spaces, quotes and semicolons in one word', () => {
    const text = renderNginxConfiguration({ ...wanted, accessLog: '/a b; "c"/access.log' });
    expect(text).toContain('access_log "/a b; \\"c\\"/access.log" sanctum;');
  });
});
