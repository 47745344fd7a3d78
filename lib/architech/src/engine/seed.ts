import { beginStream, stirStream, storeStream, word } from "./core/random.js";

/** Writes the state of the stream of this name into the memory at hand: equal names give equal streams, others unrelated ones. */
export function seedStream(at: number, name: string): void {
  // Four multiplicative hashes that feed one another, then the avalanche of MurmurHash3.
  let a = 0x6a09e667 | 0;
  let b = 0xbb67ae85 | 0;
  let c = 0x3c6ef372 | 0;
  let d = 0xa54ff53a | 0;
  for (let i = 0; i < name.length; i++) {
    const char = name.charCodeAt(i);
    a = b ^ Math.imul(a ^ char, 0x239b961b);
    b = c ^ Math.imul(b ^ char, 0xab0e9789);
    c = d ^ Math.imul(c ^ char, 0x38b34ae5);
    d = a ^ Math.imul(d ^ char, 0xa1e38b93);
  }
  const second = avalanche(b + a);
  beginStream(avalanche(a ^ name.length), second, avalanche(c + second));
  for (let i = 0; i < 15; i++) word();
  stirStream(avalanche(d ^ c));
  for (let i = 0; i < 6; i++) word();
  storeStream(at);
}

function avalanche(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
