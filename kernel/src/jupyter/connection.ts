import { readFileSync } from "node:fs";

/** Where the kernel is to listen, as the client that starts it writes it into a file. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

const ports = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** Reads a connection file; throws one line that says what is wrong with it. */
export function readConnection(path: string): Connection {
  let value: Partial<Connection>;
  try {
    value = JSON.parse(readFileSync(path, "utf8")) as Partial<Connection>;
  } catch (cause) {
    throw new Error(`connection file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  for (const port of ports)
    if (!Number.isInteger(value[port])) throw new Error(`connection file ${path} has no ${port}`);
  const { transport = "tcp", ip = "127.0.0.1", key = "", signature_scheme = "hmac-sha256" } = value;
  if (!signature_scheme.startsWith("hmac-"))
    throw new Error(`connection file ${path} wants signature scheme "${signature_scheme}"; it should be hmac-sha256`);
  return { ...(value as Connection), transport, ip, key, signature_scheme };
}

/** The address of one socket. */
export function addressOf(connection: Connection, port: number): string {
  const { transport, ip } = connection;
  return transport === "ipc" ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`;
}
