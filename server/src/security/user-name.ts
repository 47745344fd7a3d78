import type { IncomingHttpHeaders } from "node:http";
import { ArchitechError } from "@architech/protocol";

/** Where whoever shows the server's token says for whom it asks: a proxy that has logged somebody in, or a gateway. */
export interface UserNaming {
  /** The header with the name, in lower case. */
  readonly header: string;
  /** Whether it must be there. A gateway asks its services on its own account too. */
  readonly required: boolean;
}

/** The header in which a gateway tells its services for whom it asks. */
export const gatewayHeader = "x-architech-user";

/** What a user may be called: what identity providers give out as names, addresses or subjects, and nothing that joins two of them. */
const wellFormed = /^[\w.@+|:=~/-]{1,128}$/;

/** The user whom a header names; undefined when it names nobody. Throws `user-refused` for what is no name, or two. */
export function namedUser(headers: IncomingHttpHeaders, header: string): string | undefined {
  const said = headers[header];
  if (said === undefined || said === "") return undefined;
  if (typeof said === "string" && wellFormed.test(said)) return said;
  throw new ArchitechError(
    "user-refused",
    `${header} is ${JSON.stringify(String(said).slice(0, 64))}: a user's name is 1 to 128 letters, digits and _ . @ + | : = ~ / -`,
  );
}
