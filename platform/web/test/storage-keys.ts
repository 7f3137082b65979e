/** Kept apart from the code on purpose: renaming a key signs every reader out, so it must break a test. */
export const signedInHintKey = 'sanctum.session';
export const themeKey = 'sanctum.theme';
