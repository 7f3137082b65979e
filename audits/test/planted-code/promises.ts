import type { PlantedCode } from './planted.ts';

const work = 'export async function work(): Promise<number> {\n  return 1;\n}\n';

export const thrownAway: PlantedCode = {
  check: 'lint/no-floating-promises',
  path: 'platform/src/promises/*.ts',
  planted: {
    'a floating promise': `${work}§work();`,
    'a promise thrown away on purpose': `${work}§void work();`,
    'a then at statement level': `${work}§work().then((value) => console.log(value));`,
    'a promise of an expression': `${work}export const f = (wanted: boolean) => {\n  §wanted && work();\n};`,
    'promises of a list dropped': `${work}§[1, 2].map(async () => work());`,
    'a call of its own thrown away': `${work}§void (async () => {\n  await work();\n})();`,
  },
  silent: {
    'a promise that is awaited': `${work}await work();`,
    'a promise whose failure is logged': `${work}work().catch((error: unknown) => console.error(error));`,
    'a promise that is returned': `${work}export const f = () => work();`,
    'a void of something else': `export const f = (flag: number): void => {\n  void flag;\n};`,
  },
};

export const misused: PlantedCode = {
  check: 'lint/no-misused-promises',
  path: 'platform/src/callbacks/*.ts',
  planted: {
    'an async callback for forEach': `${work}[1].forEach(§async () => {\n  await work();\n});`,
    'an async listener': `import { EventEmitter } from 'node:events';\n${work}new EventEmitter().on('x', §async () => {\n  await work();\n});`,
    'an async timer': `${work}setTimeout(§async () => {\n  await work();\n}, 10);`,
    'an async interval': `${work}setInterval(§() => work(), 10);`,
    'an async function by name': `${work}[1].forEach(§work);`,
  },
  silent: {
    'a timer that reports a failure': `${work}setTimeout(() => {\n  work().catch((error: unknown) => console.error(error));\n}, 10);`,
    'a map that is awaited': `${work}await Promise.all([1, 2].map(async () => work()));`,
  },
};
