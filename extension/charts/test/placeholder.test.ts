describe("extension/charts", () => {});
