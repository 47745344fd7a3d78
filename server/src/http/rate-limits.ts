import { ArchitechError } from "@architech/protocol";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How many requests are taken in a minute; 0 for any number. */
export interface RateLimitOptions {
  /** Of one user, at all addresses. */
  readonly user: number;
  /** From one address, whoever asks. */
  readonly address: number;
}

/** What a person with many tabs, or a program with many runs, stays below. */
export const generous: RateLimitOptions = { user: 30_000, address: 60_000 };

const windowSeconds = 60;

/** What is left of a limit, as the headers of the IETF's draft say it. */
export interface Left {
  readonly kind: keyof RateLimitOptions;
  readonly requests: number;
  readonly seconds: number;
}

/** Counts the requests of users and addresses; whoever passes a limit is told how long to wait. */
export class RateLimits {
  /** The value of `RateLimit-Policy`; empty without limits. */
  readonly policy: string;
  readonly #limiters: Partial<Record<keyof RateLimitOptions, RateLimiterMemory>> = {};

  constructor(options: RateLimitOptions) {
    const limited = (["user", "address"] as const).filter((kind) => options[kind] > 0);
    for (const kind of limited)
      this.#limiters[kind] = new RateLimiterMemory({ points: options[kind], duration: windowSeconds });
    this.policy = limited.map((kind) => `"${kind}";q=${options[kind]};w=${windowSeconds}`).join(", ");
  }

  /** Counts a request; what is left, or undefined without a limit. Throws `TooManyRequests`. */
  async take(kind: keyof RateLimitOptions, who: string): Promise<Left | undefined> {
    try {
      const result = await this.#limiters[kind]?.consume(who);
      return result && { kind, requests: result.remainingPoints, seconds: secondsOf(result) };
    } catch (thrown) {
      if (thrown instanceof RateLimiterRes) throw new TooManyRequests(kind, secondsOf(thrown));
      throw thrown;
    }
  }
}

/** A limit was passed. */
export class TooManyRequests extends ArchitechError {
  readonly left: Left;

  constructor(kind: keyof RateLimitOptions, seconds: number) {
    const whose = kind === "user" ? "of this user" : "from this address";
    super("too-many-requests", `too many requests ${whose}: wait ${seconds} s`);
    this.left = { kind, requests: 0, seconds };
  }
}

/** The value of the `RateLimit` header. */
export function rateLimitHeader(left: readonly Left[]): string {
  return left.map(({ kind, requests, seconds }) => `"${kind}";r=${requests};t=${seconds}`).join(", ");
}

function secondsOf({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}
