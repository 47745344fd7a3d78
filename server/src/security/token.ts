import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A token nobody guesses: 24 random bytes as hex. */
export function newToken(): string {
  return randomBytes(24).toString("hex");
}

/** The server's secret and what is derived from it; comparing takes the same time whatever is given. */
export class Token {
  /** What a person or program must show; empty where the server asks for none. */
  readonly value: string;
  /** What the cookie holds instead of the token: from it the token cannot be had. */
  readonly cookie: string;

  constructor(value: string) {
    this.value = value;
    this.cookie = createHmac("sha256", value).update("cookie").digest("hex");
  }

  accepts(given: string | undefined): boolean {
    return given !== undefined && same(given, this.value);
  }

  acceptsCookie(given: string | undefined): boolean {
    return given !== undefined && same(given, this.cookie);
  }
}

function same(given: string, expected: string): boolean {
  // Digests are equally long, as timingSafeEqual wants, and tell nothing of the length.
  const key = "compare";
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
