import { multiply } from "./platform.js";

/** Spreads keys that are close together: the last mixing of Appleby's MurmurHash3. Uses all 32 bits, the sign among them. */
export function mix(key: i32): i32 {
  let x = key;
  x = multiply(x ^ (x >>> 16), -2048144789);
  x = multiply(x ^ (x >>> 13), -1028477387);
  return x ^ (x >>> 16);
}
