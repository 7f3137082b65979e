import { defineCodeCheck } from '../../src/source/code-check.ts';
import { driverPlaces } from '../../src/source/drivers.ts';

export default defineCodeCheck({
  id: 'code/driver-outside-db',
  title: 'Driver of a store used past its layer',
  area: 'scale',
  severity: 'high',
  requirements: ['ARCH-01', 'DB-01', 'REV-04'],
  where: (path) => path.startsWith('platform/src/') || path.startsWith('platform/web/src/'),
  look: driverPlaces,
  risk: 'The statement has no name, no time budget, no share of the pool and no audit; its text may carry input.',
  impact: 'A slow or broken call takes the connections of every other reader, and nothing shows which one it was.',
  fix: 'Use the layer in front of it.',
});
