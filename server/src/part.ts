import type { ServiceLoad } from "@architech/protocol";
import type { RequestHandler } from "express";
import type { SocketRoute, TunnelRoute } from "./http/sockets.js";
import type { Metrics } from "./metrics/metrics.js";

/** Something that must be there for a part to work. */
export interface Check {
  readonly name: string;
  /** Without it the process is not ready. */
  readonly required: boolean;
  /** Whether it is there; what it throws counts as no. */
  ok(): boolean | Promise<boolean>;
}

/** A part of a server: documents, kernels, runs, the lab or the gateway, with all that leads to it and its end. */
export interface Part {
  /** Below the base URL and behind the gate. */
  readonly routes: readonly RequestHandler[];
  /** Below the base URL, for everybody: before the gate. */
  readonly open?: readonly RequestHandler[];
  readonly sockets?: readonly (SocketRoute | TunnelRoute)[];
  /** A POST to one of these begins what lasts, and is refused once the process is told to end. */
  readonly begins?: readonly string[];
  readonly checks?: readonly Check[];
  load?(): Partial<ServiceLoad>;
  /** Adds what it counts to what the process shows. */
  measure?(metrics: Metrics): void;
  close(): Promise<void>;
}

/** How much all parts of a process are doing. */
export function loadOf(parts: readonly Part[]): ServiceLoad {
  return Object.assign({ kernels: 0, streams: 0 }, ...parts.map((part) => part.load?.() ?? {}));
}
