describe("kernel", () => {});
