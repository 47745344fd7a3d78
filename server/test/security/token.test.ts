import assert from "node:assert/strict";
import { sealedName, Token } from "#src/security/token.js";

describe("tokens of users", () => {
  const token = new Token("0123456789abcdef");

  it("say whose they are, and are no token of another server or another purpose", () => {
    for (const user of ["alice", "a.b@example.org", "auth0|5f7c8ec7", "ä ü"]) {
      const own = token.of(user);
      assert.match(own, new RegExp(`^${sealedName.source}$`));
      assert.equal(encodeURIComponent(own), own, "it may stand anywhere");
      assert.equal(token.userOf(own), user);
      assert.equal(token.userOfCookie(token.cookieOf(user)), user);
      assert.equal(token.userOf(token.cookieOf(user)), undefined);
      assert.equal(token.userOfCookie(own), undefined);
      assert.equal(new Token("fedcba9876543210").userOf(own), undefined);
      assert.equal(token.accepts(own), false);
    }
  });

  it("are refused when a sign is another, or the name is written otherwise", () => {
    const own = token.of("alice");
    for (let i = 0; i < own.length; i++)
      assert.equal(token.userOf(`${own.slice(0, i)}${own[i] === "a" ? "b" : "a"}${own.slice(i + 1)}`), undefined);
    const [start, name, seal] = own.split(".");
    for (const forged of [
      `${start}.${name}=.${seal}`,
      `${start}.${name}.${seal!.toUpperCase()}`,
      `${start}..${seal}`,
      `${own} `,
      own.slice(0, -1),
      "",
    ])
      assert.equal(token.userOf(forged), undefined, forged);
    assert.equal(token.userOf(undefined), undefined);
  });

  it("are none where no token is asked for", () => {
    const open = new Token("");
    assert.equal(open.of("alice"), "");
    assert.equal(open.userOf(new Token("").cookieOf("alice")), undefined);
    assert.equal(open.userOfCookie(open.cookieOf("alice")), undefined);
  });
});
