import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { ArchitechError } from "@architech/protocol";

/** Whether an address is this machine and no other. */
export function isLoopback(ip: string): boolean {
  return ip === "localhost" || ip === "::1" || (isIP(ip) === 4 && ip.startsWith("127."));
}

/** The names under which a server listening on `ip` may be asked for; a page that rebinds its own name is not among them. */
export function allowedHosts(ip: string, more: readonly string[] = []): Set<string> {
  const hosts = new Set(["localhost", "127.0.0.1", "::1", ...more.map((host) => host.toLowerCase())]);
  if (isLoopback(ip)) return hosts;
  hosts.add(ip.toLowerCase());
  if (ip === "0.0.0.0" || ip === "::" || ip === "") {
    hosts.add(hostname().toLowerCase());
    for (const addresses of Object.values(networkInterfaces()))
      for (const { address } of addresses ?? []) hosts.add(address.toLowerCase());
  }
  return hosts;
}

/** Throws `host-refused` unless the Host header names one of the allowed hosts; the port may be a proxy's. */
export function checkHost(header: string | undefined, allowed: ReadonlySet<string>): void {
  const host = hostOf(header);
  if (host !== undefined && allowed.has(host)) return;
  throw new ArchitechError("host-refused", `host ${JSON.stringify(header ?? "")} is not one this server answers to`);
}

/** Throws `origin-refused` when a page of another origin asks: its own host and port, or one that was allowed. */
export function checkOrigin(origin: string | undefined, host: string | undefined, allowed: ReadonlySet<string>): void {
  if (origin === undefined || allowed.has(origin.toLowerCase())) return;
  try {
    // "null" is not a URL and thus refused: sandboxed pages send it.
    if (new URL(origin).host === host?.toLowerCase()) return;
  } catch {
    // Refused below.
  }
  throw new ArchitechError("origin-refused", `origin ${JSON.stringify(origin)} is not this server's`);
}

function hostOf(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/i.exec(header ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
