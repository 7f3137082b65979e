import { misspelledSettings } from '@sanctum/platform/misspelled-settings';
import { defineCheck, fingerprint } from '../../src/check.ts';

export default defineCheck({
  id: 'config/unknown-setting',
  title: 'Setting that nobody reads because its name is mistyped',
  area: 'configuration',
  severity: 'medium',
  needs: ['config'],
  requirements: ['CONF-01', 'CONF-03'],
  timeoutMs: 5_000,
  run: async ({ config }) => {
    const findings = misspelledSettings(config.env).map(({ given, meant }) => ({
      subject: given,
      detail: `${given} is no setting of the platform; ${meant} is, and it is not set.`,
      location: `environment, ${given}`,
      risk: `${meant} has its default, whatever ${given} says.`,
      impact: 'The platform runs with other limits, origins or stores than its operator believes.',
      fix: `Rename it: ${meant}=… (npx sanctum-ops config explain ${meant})`,
      fingerprint: fingerprint('config/unknown-setting', given),
    }));
    return { examined: Object.keys(config.env).length, findings };
  },
});
