import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { everyone, signedIn } from '../../../test/access/rows.ts';

export default {
  access: {
    popularFeed: { public: everyone(200) },
    homeFeed: { public: signedIn(200) },
  },
  constraintBugs: {},
} satisfies FeatureExpectations;
