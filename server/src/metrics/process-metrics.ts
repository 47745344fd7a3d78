import { statfs } from "node:fs/promises";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Bus } from "../bus/bus.js";
import type { Readiness } from "../health/readiness.js";
import { version } from "../version.js";
import type { Metrics } from "./metrics.js";

/** What is shown of a process whatever it does. */
export interface ShownProcess {
  /** `gateway`, `documents,kernels`, `worker` and the like. */
  readonly roles: string;
  readonly readiness: Readiness;
  readonly bus?: Bus | undefined;
  /** The folder it writes to, where it has one. */
  readonly folder?: string | undefined;
}

/** Shows what a process is, whether it is ready, and how it is with its bus and its disk. */
export function measureProcess(metrics: Metrics, { roles, readiness, bus, folder }: ShownProcess): void {
  // Not called role: that is what whoever scrapes calls its targets by.
  metrics.gauge(
    "architech_info",
    "1, with the roles and the version of this process.",
    ["roles", "version"],
    async () => [{ labels: { roles, version }, value: 1 }],
  );
  metrics.gauge("architech_ready", "1 where this process can be given work, else 0.", [], async () => [
    { value: (await readiness.health()).ready ? 1 : 0 },
  ]);
  if (bus !== undefined) {
    metrics.gauge("architech_bus_connected", "1 where the bus is reached, else 0.", [], async () => [
      { value: bus.health().connected ? 1 : 0 },
    ]);
    metrics.total("architech_bus_bytes_total", "Bytes from the bus and to it.", ["direction"], async () => {
      const { traffic } = bus.health();
      return traffic === undefined ? [] : inAndOut(traffic.inBytes, traffic.outBytes);
    });
  }
  if (folder !== undefined)
    metrics.gauge("architech_disk_bytes", "Bytes of the disk that the data folder is on.", ["state"], async () => {
      const { bsize, blocks, bavail } = await statfs(folder);
      return [
        { labels: { state: "free" }, value: bavail * bsize },
        { labels: { state: "all" }, value: blocks * bsize },
      ];
    });
}

/** Shows what goes through the connections to a server, WebSockets among them. */
export function measureConnections(metrics: Metrics, server: Server): void {
  const open = new Set<Socket>();
  let [closedIn, closedOut] = [0, 0];
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      closedIn += socket.bytesRead;
      closedOut += socket.bytesWritten;
    });
  });
  metrics.gauge("architech_connections", "Connections to this process.", [], async () => [{ value: open.size }]);
  metrics.total("architech_network_bytes_total", "Bytes from clients and to them.", ["direction"], async () => {
    let [bytesIn, bytesOut] = [closedIn, closedOut];
    for (const { bytesRead, bytesWritten } of open) {
      bytesIn += bytesRead;
      bytesOut += bytesWritten;
    }
    return inAndOut(bytesIn, bytesOut);
  });
}

const inAndOut = (bytesIn: number, bytesOut: number) => [
  { labels: { direction: "in" }, value: bytesIn },
  { labels: { direction: "out" }, value: bytesOut },
];
