import { describe } from "vitest";
import { tagCases } from "./cases/tags.ts";
import { runTable } from "./table.ts";

describe("step 2: the tag files", () => {
  runTable(tagCases);
});
