import { ArchitechError } from "@architech/protocol";
import type { Log } from "../log.js";
import type { Bus } from "./bus.js";

/**
 * Connects to the bus at an address: `nats://host:port`, several joined by commas, or the path of a file with
 * credentials after `?credentials=`. Throws `invalid-argument` for an address that is of no bus.
 */
export async function openBus(address: string, log: Log): Promise<Bus> {
  const [servers = "", query = ""] = address.split("?");
  if (!/^(nats|tls):\/\/[^\s,]+(,(nats|tls):\/\/[^\s,]+)*$/.test(servers))
    throw new ArchitechError(
      "invalid-argument",
      `"${address.slice(0, 200)}" is the address of no bus: nats://host:4222 is one, several are joined by commas`,
    );
  const credentials = new URLSearchParams(query).get("credentials");
  const { NatsBus } = await import("./nats/nats-bus.js");
  return NatsBus.open({ servers, log, ...(credentials === null ? {} : { credentials }) });
}
