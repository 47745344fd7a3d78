import type { IncomingMessage } from "node:http";

/** Where a request comes from: the peer, or as many hops behind it as there are proxies whose word counts. */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? "";
  const said = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  const hops = [...said, peer];
  return hops[Math.max(0, hops.length - 1 - trustedProxies)]!;
}
