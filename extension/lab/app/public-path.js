// The first module of the entry: says where the chunks are, which only the page knows.
import { pageOption } from "./page-option.js";

__webpack_public_path__ = `${pageOption("fullStaticUrl") ?? ""}/`;
