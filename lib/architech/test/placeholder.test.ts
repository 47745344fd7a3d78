describe("lib/architech", () => {});
