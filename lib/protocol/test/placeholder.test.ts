describe("lib/protocol", () => {});
