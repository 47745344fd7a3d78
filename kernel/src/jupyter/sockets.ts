import { Reply, Router, XPublisher } from "zeromq";
import { addressOf, type Connection } from "./connection.js";

/** The five sockets of a kernel, bound and listening. */
export interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
  close(): void;
}

/** Opens the sockets of a connection; the heartbeat answers by itself. */
export async function openSockets(connection: Connection): Promise<Sockets> {
  // a client that reads slowly must not lose output, nor a reply that is still under way when the kernel ends
  const options = { linger: 1000, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const shell = new Router({ ...options, handover: true });
  const control = new Router({ ...options, handover: true });
  const stdin = new Router({ ...options, handover: true });
  const iopub = new XPublisher(options);
  const heartbeat = new Reply({ linger: 0 });
  await Promise.all([
    shell.bind(addressOf(connection, connection.shell_port)),
    control.bind(addressOf(connection, connection.control_port)),
    stdin.bind(addressOf(connection, connection.stdin_port)),
    iopub.bind(addressOf(connection, connection.iopub_port)),
    heartbeat.bind(addressOf(connection, connection.hb_port)),
  ]);
  void beat(heartbeat);
  return {
    shell,
    control,
    stdin,
    iopub,
    close: () => {
      for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
    },
  };
}

async function beat(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
