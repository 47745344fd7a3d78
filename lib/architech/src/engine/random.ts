/**
 * Chris Doty-Humphrey's sfc32: three words and a counter, so no cycle is shorter than 2^32, and each of the
 * 2^96 seeds starts another one. Small, quick in 32-bit integers, passes PractRand.
 */
export class Random {
  a = 0;
  b = 0;
  c = 0;
  d = 1;

  /** Takes the state at `at` of a table with four words for each stream. */
  load(states: Int32Array, at: number): void {
    this.a = states[at]!;
    this.b = states[at + 1]!;
    this.c = states[at + 2]!;
    this.d = states[at + 3]!;
  }

  /** Puts the state back. */
  store(states: Int32Array, at: number): void {
    states[at] = this.a;
    states[at + 1] = this.b;
    states[at + 2] = this.c;
    states[at + 3] = this.d;
  }

  /** 32 random bits. */
  word(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t;
  }

  /** Uniform on (0, 1): 52 bits and a half, so that neither end is ever drawn. */
  uniform(): number {
    const high = this.word() >>> 6;
    const low = this.word() >>> 6;
    return (high * 67108864 + low + 0.5) * 2.220446049250313e-16;
  }
}

/** Writes the state of the stream of this name: equal names give equal streams, others unrelated ones. */
export function seedStream(states: Int32Array, at: number, name: string): void {
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
  const random = new Random();
  random.a = avalanche(a ^ name.length);
  random.b = avalanche(b + a);
  random.c = avalanche(c + random.b);
  random.d = 1;
  for (let i = 0; i < 15; i++) random.word();
  random.a = random.a ^ avalanche(d ^ c);
  for (let i = 0; i < 6; i++) random.word();
  random.store(states, at);
}

function avalanche(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
