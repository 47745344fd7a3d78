import type { IncomingMessage } from "node:http";
import type { RequestHandler, Response } from "express";
import type { Gate } from "../security/gate.js";
import { clientAddress } from "./client-address.js";
import { type Left, type RateLimits, rateLimitHeader, TooManyRequests } from "./rate-limits.js";

/** How requests and WebSockets are counted against the limits. */
export interface Limited {
  /** For every request, before anything is decided about it. */
  readonly byAddress: RequestHandler;
  /** Behind the gate. */
  readonly byUser: RequestHandler;
  /** Throws `too-many-requests`. */
  socket(request: IncomingMessage): Promise<void>;
}

export function limited(limits: RateLimits, gate: Gate, trustedProxies: number): Limited {
  const counting =
    (kind: "user" | "address", who: (request: IncomingMessage) => string): RequestHandler =>
    async (request, response, next) => {
      try {
        tell(response, limits, await limits.take(kind, who(request)));
        next();
      } catch (error) {
        if (error instanceof TooManyRequests) tell(response, limits, error.left);
        next(error);
      }
    };
  const address = (request: IncomingMessage) => clientAddress(request, trustedProxies);
  const user = (request: IncomingMessage) => gate.userOf(request);
  return {
    byAddress: counting("address", address),
    byUser: counting("user", user),
    async socket(request) {
      await limits.take("address", address(request));
      await limits.take("user", user(request));
    },
  };
}

const told = new WeakMap<Response, Left[]>();

function tell(response: Response, limits: RateLimits, left: Left | undefined): void {
  if (left === undefined) return;
  const all = [...(told.get(response) ?? []), left];
  told.set(response, all);
  response.setHeader("RateLimit-Policy", limits.policy);
  response.setHeader("RateLimit", rateLimitHeader(all));
}
