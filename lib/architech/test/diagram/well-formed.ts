import assert from "node:assert/strict";

/** Fails unless every tag is closed in order, every attribute is quoted and every `&` begins an entity. */
export function wellFormed(xml: string): void {
  const open: string[] = [];
  const token = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<|[^<]+/g;
  for (const match of xml.matchAll(token)) {
    const [whole, closes, name, , empty] = match;
    if (name === undefined) {
      assert.notEqual(whole, "<", `a stray < at ${xml.slice(match.index, match.index + 60)}`);
      continue;
    }
    if (closes === "/") assert.equal(open.pop(), name, `</${name}> closes something else`);
    else if (empty !== "/") open.push(name);
  }
  assert.deepEqual(open, [], "tags that are not closed");
  assert.doesNotMatch(xml, /&(?!(amp|lt|gt|quot|#10);)/, "an & that begins no entity");
}
