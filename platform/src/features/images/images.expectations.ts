import type { FeatureExpectations } from '../../../test/access/beside-features.ts';
import { type Objects, signedIn } from '../../../test/access/rows.ts';

const images = ({ conversationId }: Objects) => `/api/conversations/${conversationId}/images`;

export default {
  access: {
    // The matrix sends JSON; images.api.test.ts sends pictures, as everybody.
    uploadImage: { url: images, payload: () => ({}), public: signedIn('request.invalid') },
    getImage: { url: (o) => `${images(o)}/00000000-0000-4000-8000-000000000000`, public: signedIn('image.not_found') },
  },
  constraintBugs: {
    conversation_images_measured: 'the statement that writes it counts, bounds or chooses the value',
    conversation_images_pkey: 'the key is generated, or the statement says what a second row does',
    fk_conversation_images_conversation: 'the statement locks or makes the row that it points at',
  },
  hidesNobody: {
    'images.complete': 'it changes the row of one picture that the reader has just announced',
    'images.release': 'it changes the row of one picture that the reader has just announced',
    'images.release_unused': 'work in the background, which shows nothing to anybody',
    'images.list_released': 'work in the background, which shows nothing to anybody',
    'images.forget': 'work in the background, which shows nothing to anybody',
  },
} satisfies FeatureExpectations;
