export { ArchitechError, type ErrorCode, errorCodes } from "@architech/protocol";
