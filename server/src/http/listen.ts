import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ArchitechError } from "@architech/protocol";

/** Listens on the first of `portTries` ports that is free, from `port` up, and returns it; throws `port-taken`. */
export async function listen(http: Server, where: { ip: string; port: number; portTries: number }): Promise<number> {
  const { ip, port, portTries } = where;
  for (let tried = port; ; tried++) {
    try {
      return await listenOn(http, ip, tried);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
        throw new ArchitechError(
          "invalid-argument",
          `this machine has no address ${ip}: name one that it has with --ip`,
        );
      if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
      if (tried + 1 < port + portTries && tried < 65_535) continue;
      const why = code === "EACCES" ? "is not allowed" : "is taken";
      throw new ArchitechError("port-taken", `port ${tried} ${why}: choose another with --port, or 0 for any`);
    }
  }
}

function listenOn(http: Server, ip: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host: ip, port, exclusive: true }, () => {
      http.off("error", reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}
