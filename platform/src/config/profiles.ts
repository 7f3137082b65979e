/** What an instance is started for. Imports nothing, so that a command line can say the words without the settings. */
export const profiles = ['development', 'staging', 'production'] as const;
export type Profile = (typeof profiles)[number];
