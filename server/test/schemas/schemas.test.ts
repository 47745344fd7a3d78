import assert from "node:assert/strict";
import { modelSchema } from "architech";
import { serve } from "../serving.js";

describe("schemas", () => {
  it("GET /api/schemas/model/1 is the schema of model documents, for who has the token", async () => {
    const serving = await serve();
    try {
      const response = await serving.request("GET", "/api/schemas/model/1");
      assert.match(response.headers.get("content-type") ?? "", /^application\/schema\+json/);
      assert.deepEqual(await response.json(), modelSchema());
      assert.equal((await serving.request("GET", "/api/schemas/model/2")).status, 404);
      assert.equal(
        (await serving.request("GET", "/api/schemas/model/1", undefined, { authorization: "" })).status,
        403,
      );
    } finally {
      await serving.server.close();
    }
  });
});
