/** Whether a short run was asked for: fewer rounds, less work in each. */
export const quick = process.argv.includes("--quick");
