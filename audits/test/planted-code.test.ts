import { expect, test } from 'vitest';
import { measureCode } from './code-figures.ts';

const caughtMin = 0.95;
const falseAlarmsMax = 0.02;

test('of planted faults in code nearly all are named at their line, and nearly no look-alike is', { timeout: 300_000 }, async () => {
  const { planted, lookAlikes, missed, falseAlarms } = await measureCode();
  const list = (names: readonly string[]) => names.map((name) => `\n  ${name}`).join('');
  console.log(
    `${planted - missed.length} of ${planted} planted faults caught, ${falseAlarms.length} of ${lookAlikes} look-alikes named` +
      `\nmissed:${list(missed)}\nfalse alarms:${list(falseAlarms)}`,
  );
  expect(planted).toBeGreaterThanOrEqual(60);
  expect(lookAlikes).toBeGreaterThanOrEqual(60);
  expect(missed.length, list(missed)).toBeLessThanOrEqual(planted * (1 - caughtMin));
  expect(falseAlarms.length, list(falseAlarms)).toBeLessThanOrEqual(lookAlikes * falseAlarmsMax);
});
