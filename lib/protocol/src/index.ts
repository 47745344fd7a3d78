export { ArchitechError, type ErrorCode, errorCodes } from "./errors.js";
