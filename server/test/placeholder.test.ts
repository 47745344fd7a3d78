describe("server", () => {});
