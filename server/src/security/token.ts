import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A token nobody guesses: 24 random bytes as hex. */
export function newToken(): string {
  return randomBytes(24).toString("hex");
}

/** For what a name was sealed: one proof cannot be used as another. */
type Purpose = "token" | "cookie";

/** What users' tokens and cookies look like: `architech`, the name in base64url and an HMAC in hex, joined by dots, so that they may stand in headers, addresses and cookies. */
export const sealedName: RegExp = /architech\.[\w-]+\.[0-9a-f]{64}/;
const wholeSealedName = new RegExp(`^${sealedName.source}$`);

/** The server's secret and what is derived from it; comparing takes the same time whatever is given. */
export class Token {
  /** What a person or program must show; empty where the server asks for none. */
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }

  /** The token of one user, which proves who that is and nothing else; empty where the server asks for none. */
  of(user: string): string {
    return this.value === "" ? "" : this.#sealed("token", user);
  }

  /** What a user's cookie holds: from it no token can be had. */
  cookieOf(user: string): string {
    return this.#sealed("cookie", user);
  }

  accepts(given: string | undefined): boolean {
    return given !== undefined && same(given, this.value);
  }

  /** Whose token it is; undefined when it is none. */
  userOf(given: string | undefined): string | undefined {
    return this.#opened("token", given);
  }

  /** Whose cookie it is; undefined when it is none. */
  userOfCookie(given: string | undefined): string | undefined {
    return this.#opened("cookie", given);
  }

  #sealed(purpose: Purpose, user: string): string {
    const seal = createHmac("sha256", this.value).update(`${purpose} ${user}`).digest("hex");
    return `architech.${Buffer.from(user).toString("base64url")}.${seal}`;
  }

  #opened(purpose: Purpose, given: string | undefined): string | undefined {
    if (given === undefined || this.value === "" || !wholeSealedName.test(given)) return undefined;
    const user = Buffer.from(given.split(".")[1]!, "base64url").toString();
    return same(given, this.#sealed(purpose, user)) ? user : undefined;
  }
}

/** Whether two texts are the same, in a time that tells nothing of them. */
export function same(given: string, expected: string): boolean {
  // Digests are equally long, as timingSafeEqual wants, and tell nothing of the length.
  const key = "compare";
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
