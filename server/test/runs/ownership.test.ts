import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Token } from "#src/security/token.js";
import { freshFolder } from "../folders.js";
import { type Serving, serve } from "../serving.js";
import { allBytes, request } from "./host.js";
import { clientOf, keptOfUser, ownershipContract, proxied } from "./ownership-contract.js";

const token = "0123456789abcdef0123456789abcdef";
const userHeader = "X-Forwarded-User";

describe("whose runs are, in one process", function () {
  this.timeout(120_000);
  let serving: Serving;
  before(async () => {
    serving = await serve({ token, userHeader, retention: { maxKept: keptOfUser } });
  });
  after(() => serving.server.close());

  ownershipContract(() => serving.server);

  it("a run stays its user's when the server is started anew; one from before that was asked is architect's", async () => {
    const data = await freshFolder();
    const first = (await serve({ token, userHeader, data })).server;
    const { id } = await clientOf(first, "alice").start(request({ seed: 41 }));
    const bytes = await allBytes(clientOf(first, "alice").stream(id));
    const old = await clientOf(first, "bob").start(request({ seed: 41 }));
    await first.close();

    const state = join(data, "runs", old.id, "state.json");
    const { user, ...record } = JSON.parse(await readFile(state, "utf8")) as { user?: string };
    assert.equal(user, "bob");
    await writeFile(state, JSON.stringify(record));

    const { server } = await serve({ token, data });
    for (const name of ["alice", "bob", "architect"])
      assert.deepEqual(
        (await clientOf(server, name).list()).map((run) => run.id),
        { alice: [id], bob: [], architect: [old.id] }[name],
        name,
      );
    assert.deepEqual(await allBytes(clientOf(server, "architect").stream(old.id)), bytes);
    await server.close();
  });

  it("without the option there is one user, and what a request says of it counts nothing", async () => {
    const { server, json, request: ask } = await serve({ token });
    const { id } = await json<{ id: string }>("POST", "api/runs", request());
    for (const header of ["x-forwarded-user", "x-architech-user"])
      for (const name of ["bob", "not a name"]) {
        const told = { [header]: name };
        assert.equal((await ask("GET", `api/runs/${id}`, undefined, told)).status, 200);
        const me = (await (await ask("GET", "api/me", undefined, told)).json()) as { identity: { username: string } };
        assert.equal(me.identity.username, "architect");
      }
    assert.deepEqual(
      (await clientOf(server, "architect").list()).map((run) => run.id),
      [id],
      "whoever has the token is architect",
    );
    await server.close();
  });

  it("requests are counted for each user by itself", async () => {
    const { server } = await serve({ token, userHeader, rateLimits: { user: 3, address: 0 } });
    const ask = async (headers: Record<string, string>) =>
      (await fetch(new URL("api/me", server.url), { headers })).status;
    const statuses = async (headers: Record<string, string>, times: number) => {
      const all: number[] = [];
      for (let i = 0; i < times; i++) all.push(await ask(headers));
      return all;
    };
    assert.deepEqual(await statuses(proxied(server, "alice"), 4), [200, 200, 200, 429]);
    assert.deepEqual(await statuses(proxied(server, "bob"), 3), [200, 200, 200], "bob has asked nothing yet");
    const kernels = { authorization: `token ${new Token(token).of("alice")}` };
    assert.deepEqual(await statuses(kernels, 1), [429], "what alice's kernels ask is alice's");
    await server.close();
  });
});
