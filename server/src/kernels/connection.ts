import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { dirname } from "node:path";

/** The channels of a kernel that carry messages. */
export const channelNames = ["shell", "control", "stdin", "iopub"] as const;

/** One channel of a kernel. */
export type ChannelName = (typeof channelNames)[number];

/** A channel that a client can send on. */
export type OutgoingChannel = Exclude<ChannelName, "iopub">;

/** What a connection file tells a kernel: where to listen and how to sign. */
export interface ConnectionInfo {
  transport: "tcp";
  ip: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  key: string;
  signature_scheme: "hmac-sha256";
  kernel_name: string;
}

/** Picks five free loopback ports and a key. Another program may take a port before the kernel does; the kernel then ends and is started anew. */
export async function newConnection(kernelName: string): Promise<ConnectionInfo> {
  // All five are held at once, so that no two of them are the same.
  const held = await Promise.all([hold(), hold(), hold(), hold(), hold()]);
  const [shell, control, stdin, iopub, hb] = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port: shell!,
    control_port: control!,
    stdin_port: stdin!,
    iopub_port: iopub!,
    hb_port: hb!,
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
  };
}

/** Writes a connection file that only this user can read: its key lets one run code. */
export async function writeConnectionFile(path: string, info: ConnectionInfo): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(info, undefined, 2), { mode: 0o600 });
}

/** The ZeroMQ address of a channel, or of the heartbeat. */
export function addressOf(info: ConnectionInfo, channel: ChannelName | "hb"): string {
  return `${info.transport}://${info.ip}:${info[`${channel}_port`]}`;
}

function hold(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
