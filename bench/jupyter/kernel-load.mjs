import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";

const headers = { authorization: "token bench" };

/** Starts a Python kernel and waits until it answers. */
export async function kernelOf(origin) {
  const answer = await fetch(`${origin}/api/kernels`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "python3" }),
  });
  if (!answer.ok) throw new Error(`${origin} starts no kernel: ${answer.status} ${await answer.text()}`);
  const { id } = await answer.json();
  const kernel = {
    open: async () => {
      const session = randomUUID();
      const address = `${origin.replace("http", "ws")}/api/kernels/${id}/channels?session_id=${session}`;
      const socket = new WebSocket(address, { headers });
      await once(socket, "open");
      return { socket, session };
    },
    stop: () => fetch(`${origin}/api/kernels/${id}`, { method: "DELETE", headers }),
  };
  const { socket, session } = await kernel.open();
  await ask(socket, session);
  socket.close();
  return kernel;
}

/** How often a second the kernel's description is asked for and comes, each client asking when it has its answer. */
export async function roundTrips(kernel, { clients, seconds }) {
  const all = await Promise.all(Array.from({ length: clients }, () => kernel.open()));
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const counts = await Promise.all(
    all.map(async ({ socket, session }) => {
      let count = 0;
      for (; performance.now() < end; count++) await ask(socket, session);
      return count;
    }),
  );
  const taken = (performance.now() - begun) / 1000;
  for (const { socket } of all) socket.terminate();
  return counts.reduce((sum, count) => sum + count, 0) / taken;
}

/** Opens sockets that say nothing; they get what the kernel publishes. */
export async function idleSockets(kernel, count) {
  const all = [];
  for (let i = 0; i < count; i++) all.push(await kernel.open());
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return {
    close: () => {
      for (const { socket } of all) socket.terminate();
    },
  };
}

function ask(socket, session) {
  const id = randomUUID();
  const header = {
    msg_id: id,
    session,
    username: "bench",
    date: new Date().toISOString(),
    msg_type: "kernel_info_request",
    version: "5.3",
  };
  return new Promise((resolve, reject) => {
    const hear = (data) => {
      const message = JSON.parse(data);
      if (message.parent_header?.msg_id !== id || message.header.msg_type !== "kernel_info_reply") return;
      socket.off("message", hear);
      socket.off("close", gone);
      resolve();
    };
    const gone = () => reject(new Error("the kernel's socket was closed"));
    socket.on("message", hear);
    socket.on("close", gone);
    socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: {} }));
  });
}
