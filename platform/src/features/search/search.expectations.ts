import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { everyone } from '../../../test/access/rows.ts';

export default {
  access: {
    search: { url: () => '/api/search?q=written', public: everyone(200) },
  },
  constraintBugs: {},
} satisfies FeatureExpectations;
