declare module "snappyjs" {
  /** The bytes as a block of Snappy. */
  export function compress(bytes: Uint8Array): Uint8Array;
  export function uncompress(bytes: Uint8Array): Uint8Array;
}
