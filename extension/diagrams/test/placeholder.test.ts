describe("extension/diagrams", () => {});
