import { describe } from "vitest";
import { partCases } from "./cases/parts.ts";
import { runTable } from "./table.ts";

describe("step 4: what the parts hold", () => {
  runTable(partCases);
});
