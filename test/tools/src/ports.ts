import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * Where free ports are looked for: below those that systems give to whoever connects, so that none of them is the near end
 * of somebody's connection by the time that it is listened on.
 */
const from = 20_000;
const to = 32_000;

/** Ports of the loopback interface that nothing listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = await listening(from + Math.floor(Math.random() * (to - from)));
    if (server !== undefined) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** One of them. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

/** Undefined where somebody listens already. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE" || (error as NodeJS.ErrnoException).code === "EACCES")
      return undefined;
    throw error;
  }
}
