/** What whoever asks brings to be recognised by, whether by a request or by the upgrade to a socket. */
export interface Credentials {
  /** The header Authorization. */
  readonly authorization: string | undefined;
  /** The header Cookie. */
  readonly cookie: string | undefined;
  /** `networkOf` the address; asked only where a token was not seen before. */
  readonly network: () => string;
}
