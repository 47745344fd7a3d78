import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findLab } from "@architech/server";
import { resolveOptions } from "#src/options.js";
import { Token } from "#src/security/token.js";
import { freshFolder } from "../folders.js";
import { type Serving, serve } from "../serving.js";

const token = "0123456789abcdef0123456789abcdef";

describe("users behind a proxy that logs them in", () => {
  let serving: Serving;
  before(async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "index.html"), "<script>{{page-config}}</script>");
    serving = await serve({ token, userHeader: "x-forwarded-user", lab: findLab(folder) });
  });
  after(() => serving.server.close());

  const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
    fetch(new URL(path, serving.server.url), { redirect: "manual", ...init, headers });
  const asProxy = (user: string) => ({ authorization: `token ${token}`, "x-forwarded-user": user });
  const me = async (headers: Record<string, string>) =>
    ((await (await ask("api/me", headers)).json()) as { identity?: { username: string } }).identity?.username;
  const cookieOf = (response: Response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);

  it("a page has its user's token and not the server's", async () => {
    const page = await (await ask("lab", { ...asProxy("alice"), accept: "text/html" })).text();
    assert.ok(!page.includes(token));
    assert.ok(page.includes(`"token":"${new Token(token).of("alice")}"`));
  });

  it("a cookie is its user's, whoever the proxy says asks next", async () => {
    const own = new Token(token).of("alice");
    const page = await ask(`lab?token=${own}`, { accept: "text/html" });
    assert.deepEqual([page.status, page.headers.get("location")], [302, "/lab"]);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const login = await ask("login", form, { method: "POST", body: new URLSearchParams({ token: own }).toString() });
    for (const response of [page, login]) {
      const cookie = cookieOf(response).join("; ");
      assert.ok(!cookie.includes(own) && cookie.includes("architech-"));
      assert.equal(await me({ cookie }), "alice");
      assert.equal(await me({ cookie, "x-forwarded-user": "bob" }), "alice");
      assert.equal(await me({ cookie, ...asProxy("bob") }), "bob", "it has the server's token");
    }
  });

  it("the server's token alone logs nobody in", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ token }).toString();
    for (const response of [
      await ask("login", form, { method: "POST", body }),
      await ask(`lab?token=${token}`, { accept: "text/html" }),
    ]) {
      assert.equal(response.status, 403);
      assert.deepEqual(cookieOf(response), []);
      const { code, message } = (await response.json()) as { code: string; message: string };
      assert.equal(code, "user-refused");
      assert.match(message, /x-forwarded-user/);
    }
  });

  it("a header that means something else, or one that anybody may send, is refused at the start", () => {
    const options = { data: "", documents: serving.server.documents!, token };
    const refused = { code: "invalid-argument" };
    for (const userHeader of ["", "x forwarded", "Authorization", "cookie", "host", "x:y", "ü"])
      assert.throws(() => resolveOptions({ ...options, userHeader }), refused, userHeader);
    for (const short of ["", "short"])
      assert.throws(() => resolveOptions({ ...options, token: short, userHeader: "remote-user" }), refused);
    assert.equal(resolveOptions({ ...options, userHeader: "Remote-User" }).userHeader, "remote-user");
  });
});
